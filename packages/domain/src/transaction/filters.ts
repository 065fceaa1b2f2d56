import type Joi from "joi";
import { MAX_KEY_LENGTH } from "../record/limits.ts";
import { currency, day, repeatableFilter, text, uuid } from "../schemas.ts";
import { TRANSACTION_STATUSES } from "./statuses.ts";

/** The validated filters of a list of transactions. Days are whole UTC days of the transaction's date, both inclusive. */
export type TransactionFilters = {
  readonly status?: readonly string[];
  readonly sourceId?: string;
  readonly currency?: string;
  readonly externalId?: string;
  readonly dateFrom?: string;
  readonly dateTo?: string;
};

/** The filters of `GET /v1/contexts/{contextId}/transactions` (docs/api.md §8). */
export const transactionFilters = {
  status: repeatableFilter(TRANSACTION_STATUSES),
  sourceId: uuid(),
  currency: currency(),
  externalId: text(MAX_KEY_LENGTH),
  dateFrom: day(),
  dateTo: day(),
} satisfies Joi.PartialSchemaMap<TransactionFilters>;
