import {
  csvColumns,
  RECORD_KINDS,
  recordTables,
  type RecordField,
  type RecordKind,
  type RecordTable,
} from "@docket/domain";
import { choiceSchema, objectSchema, type JsonSchema } from "../openapi/json-schema.ts";

const amount: JsonSchema = { type: "string", pattern: "^[+-]?\\d{1,20}(\\.\\d{1,8})?$" };

/** The JSON schema of each kind of value. The checks are in the domain's record/field-kinds.ts. */
const KINDS: Readonly<Record<RecordField["kind"], (field: RecordField) => JsonSchema>> = {
  source: () => ({
    type: "string",
    description: "The ID or the name of one of the context's sources.",
  }),
  key: ({ max }) => ({ type: "string", minLength: 1, maxLength: max }),
  text: ({ max }) => ({ type: "string", maxLength: max }),
  amount: () => amount,
  currency: () => ({ type: "string", pattern: "^[A-Za-z]{3}$", description: "ISO 4217." }),
  instant: () => ({
    type: "string",
    description: "A day, or an RFC 3339 timestamp with its offset.",
  }),
  choice: ({ values = [] }) => choiceSchema(values),
  percent: () => ({ type: "number", minimum: 0, maximum: 100 }),
};

/** An optional field may also be null. Either keeps the value of an existing record. */
function schemaOf(field: RecordField): JsonSchema {
  const schema = KINDS[field.kind](field);
  if (field.required === "always") return schema;
  const note = field.required === "on-create" ? { description: "Required in a new record." } : {};
  return { ...note, anyOf: [schema, { type: "null" }] };
}

/** The schemas of the fields that are required in every record, or of the others. */
const pick = (fields: readonly RecordField[], always: boolean) =>
  Object.fromEntries(
    fields
      .filter(({ required }) => (required === "always") === always)
      .map((field) => [field.name, schemaOf(field)]),
  );

const TITLES: Readonly<Record<RecordKind, string>> = {
  transactions: "TransactionRecord",
  "match-groups": "MatchGroupRecord",
  "fee-variances": "FeeVarianceRecord",
  exceptions: "ExceptionRecord",
};

const recordSchema = (kind: RecordKind): JsonSchema => {
  const { fields, items }: RecordTable = recordTables[kind];
  return {
    title: TITLES[kind],
    ...objectSchema(pick(fields, true), {
      ...pick(fields, false),
      ...(items && { items: { type: "array", minItems: 1, items: itemSchema(items) } }),
    }),
  };
};

const itemSchema = (items: readonly RecordField[]): JsonSchema =>
  objectSchema(pick(items, true), pick(items, false));

const headers = RECORD_KINDS.map((kind) => `- \`${kind}\`: \`${csvColumns(kind).join(",")}\``);

/** The media types of an ingest, for the OpenAPI document. */
export const recordMedia: Readonly<Record<string, JsonSchema>> = {
  "application/x-ndjson": {
    description: "One JSON object per line, of the kind in the path.",
    anyOf: RECORD_KINDS.map(recordSchema),
  },
  "text/csv": {
    type: "string",
    description: `UTF-8, with a header of these names, in any order:\n\n${headers.join("\n")}`,
  },
};
