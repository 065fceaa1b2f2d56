import Joi from "joi";
import { bodyOf, text, uuid } from "../schemas.ts";
import type { ExceptionCommand } from "./exception.ts";
import {
  assignee,
  dueDate,
  resolution,
  type ResolveExceptionRequest,
  type UpdateExceptionRequest,
} from "./requests.ts";

/** The actions of a bulk request, and the fields of each. All of them are required. */
const BULK_FIELDS = {
  assign: assignee,
  "set-due-date": dueDate,
  resolve: resolution,
} as const;

const BULK_ACTIONS = Object.keys(BULK_FIELDS) as readonly BulkAction[];

type BulkAction = keyof typeof BULK_FIELDS;

/** The greatest number of exceptions in a bulk request (docs/api.md §8). */
export const MAX_BULK_EXCEPTIONS = 100;
const MAX_REMARK = 1_000;

/** The validated body of `POST /v1/exceptions/bulk`: the fields are those of the action. */
export type BulkExceptionRequest = Partial<ResolveExceptionRequest> &
  Omit<UpdateExceptionRequest, "severity"> & {
    readonly exceptionIds: readonly string[];
    readonly action: BulkAction;
    readonly remark: string;
  };

/** Each field is required by its action, and refused with another one. */
const bulkFields = Object.fromEntries(
  Object.entries(BULK_FIELDS).flatMap(([action, fields]) =>
    Object.entries(fields).map(([name, field]) => [
      name,
      // oxlint-disable-next-line unicorn/no-thenable -- an option of Joi
      field.when("action", { not: action, then: Joi.forbidden(), otherwise: Joi.required() }),
    ]),
  ),
);

export const bulkExceptionRequest = bodyOf<BulkExceptionRequest>({
  exceptionIds: Joi.array().items(uuid()).min(1).max(MAX_BULK_EXCEPTIONS).unique().required(),
  action: Joi.string()
    .valid(...BULK_ACTIONS)
    .required(),
  remark: text(MAX_REMARK).required(),
  ...bulkFields,
});

/** The command of a bulk request. */
export function bulkCommand(request: BulkExceptionRequest): ExceptionCommand {
  const { exceptionIds: _ids, action, remark: _remark, ...fields } = request;
  const command = { action: action === "resolve" ? "resolve" : "update", ...fields };
  return command as ExceptionCommand;
}
