import type { Description, Schema } from "joi";
import { mapValues } from "./map-values.ts";

/** JSON Schema 2020-12, as in OpenAPI 3.1. A schema with a `title` becomes a component of that name. */
export type JsonSchema = { readonly [keyword: string]: unknown };

export const idSchema: JsonSchema = { type: "string", format: "uuid" };
export const textSchema: JsonSchema = { type: "string" };
export const daySchema: JsonSchema = { type: "string", format: "date" };
/** A decimal string without an exponent and without trailing zeros. */
export const amountSchema: JsonSchema = {
  type: "string",
  pattern: "^-?\\d+(\\.\\d+)?$",
  examples: ["100.5"],
};
export const countSchema: JsonSchema = { type: "integer", minimum: 0 };
export const sha256Schema: JsonSchema = { type: "string", pattern: "^[0-9a-f]{64}$" };
/** RFC 3339 in UTC, with milliseconds (docs/api.md §1). */
export const instantSchema: JsonSchema = {
  type: "string",
  format: "date-time",
  pattern: "\\.\\d{3}Z$",
  examples: ["2026-01-15T10:30:00.000Z"],
};
export const choiceSchema = (values: readonly string[]): JsonSchema => ({
  type: "string",
  enum: values,
});
export const listSchema = (items: JsonSchema): JsonSchema => ({ type: "array", items });

type Fields = Readonly<Record<string, JsonSchema>>;

/** An object with these fields and no others. */
export const objectSchema = (required: Fields, optional: Fields = {}): JsonSchema => ({
  type: "object",
  properties: { ...required, ...optional },
  required: Object.keys(required),
  additionalProperties: false,
});

/** An object schema that becomes a component of the document. */
export const component = (title: string, required: Fields, optional?: Fields): JsonSchema => ({
  title,
  ...objectSchema(required, optional),
});

/** The JSON Schema of a Joi schema. The keywords of custom rules, which Joi cannot describe, come from their `meta()`. */
export const requestSchema = (schema: Schema): JsonSchema =>
  withMeta(schema["~standard"].jsonSchema.input({ target: "draft-2020-12" }), schema.describe());

function withMeta(converted: JsonSchema, description: Description): JsonSchema {
  const { metas = [], keys = {}, items = [] } = description as DescribedParts;
  // For an array with `single()`, Joi returns the alternatives: the array, then a single item. For a field that another one
  // requires or forbids (`when()`), it returns one alternative.
  const hasAlternatives =
    ("items" in description || "whens" in description) && "anyOf" in converted;
  const json = hasAlternatives ? (converted["anyOf"] as JsonSchema[])[0]! : converted;
  const properties = json["properties"] as Fields | undefined;
  const [item] = items;
  return {
    ...json,
    ...(properties && {
      properties: mapValues(properties, (each, name) => withMeta(each, keys[name]!)),
    }),
    ...(item && { items: withMeta(json["items"] as JsonSchema, item) }),
    ...Object.assign({}, ...metas),
  };
}

/** The parts of a Joi description that `withMeta` reads. */
type DescribedParts = {
  readonly metas?: readonly JsonSchema[];
  readonly keys?: Readonly<Record<string, Description>>;
  readonly items?: readonly Description[];
};
