import {
  component,
  countSchema,
  idSchema,
  instantSchema,
  objectSchema,
  textSchema,
} from "../openapi/json-schema.ts";
import type { ContextCounts, ContextRow } from "./service.ts";

/** A context in a response (docs/api.md §5). Only a single context has counts. */
export function contextView(
  row: ContextRow,
  counts?: ContextCounts,
): {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly counts?: ContextCounts;
} {
  return {
    id: row.id,
    name: row.name,
    createdAt: row.createdAt.toISOString(),
    ...(counts !== undefined && { counts }),
  };
}

const contextFields = { id: idSchema, name: textSchema, createdAt: instantSchema };

export const contextSchema = component("Context", contextFields);

export const countedContextSchema = component("CountedContext", {
  ...contextFields,
  counts: objectSchema({
    transactions: countSchema,
    matched: countSchema,
    unmatched: countSchema,
    matchGroups: countSchema,
    exceptions: countSchema,
    openExceptions: countSchema,
  }),
});
