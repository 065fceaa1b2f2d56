import { TRANSACTION_STATUSES, compact } from "@docket/domain";
import {
  amountSchema,
  choiceSchema,
  component,
  idSchema,
  instantSchema,
  textSchema,
} from "../openapi/json-schema.ts";
import type { TransactionRow } from "./list.ts";

/** A transaction in a response (docs/api.md §8). */
export const transactionView = (row: TransactionRow): object =>
  compact({ ...row, date: row.date.toISOString() });

export const transactionSchema = component(
  "Transaction",
  {
    id: idSchema,
    sourceId: idSchema,
    externalId: textSchema,
    amount: amountSchema,
    currency: textSchema,
    date: instantSchema,
    status: choiceSchema(TRANSACTION_STATUSES),
  },
  { description: textSchema, exceptionId: idSchema },
);
