import type { Schema, ValidationErrorItem } from "joi";
import { DocketError, type FieldFault } from "./errors.ts";

/**
 * Joi's error types that mean "there, but malformed": 422 (contract §1). Every other fault means that the
 * request cannot be accepted as it stands: 400. `malformed.*` and `refused.*` are the types of our own custom rules.
 */
const MALFORMED = new Set([
  "any.invalid",
  "array.base",
  "array.max",
  "boolean.base",
  "number.base",
  "number.infinity",
  "number.integer",
  "number.unsafe",
  "object.base",
  "string.base",
  "string.guid",
  "string.max",
  "string.pattern.base",
  "string.uri",
  "string.uriCustomScheme",
]);

const isMalformed = (item: ValidationErrorItem): boolean =>
  MALFORMED.has(item.type) || item.type.startsWith("malformed.");

const faultOf = (item: ValidationErrorItem): FieldFault => ({
  field: item.path.join("."),
  detail: item.message,
});

/**
 * Checks `input` against `schema` and returns the normalised value.
 *
 * All faults are reported together. Faults of both kinds in one request: 400 wins over 422 (contract §1).
 *
 * @throws DocketError `bad_request` (400) or `invalid_field` (422), with `errors`.
 */
export function validate<T>(schema: Schema<T>, input: unknown): T {
  const faults = check(schema, input);
  if (faults.error === undefined) return faults.value;
  throw refusal(faults.error);
}

/** The same for several parts of one request (path, query, body): their faults are reported together. */
export function validateAll<T extends Record<string, unknown>>(parts: {
  readonly [K in keyof T]: { readonly schema: Schema<T[K]>; readonly input: unknown };
}): T {
  const items: ValidationErrorItem[] = [];
  const values: Partial<T> = {};
  for (const name of Object.keys(parts) as (keyof T)[]) {
    const { error, value } = check(parts[name].schema, parts[name].input);
    if (error === undefined) values[name] = value;
    else items.push(...error);
  }
  if (items.length > 0) throw refusal(items);
  return values as T;
}

type Checked<T> =
  | { error?: undefined; value: T }
  | { error: readonly ValidationErrorItem[]; value?: undefined };

function check<T>(schema: Schema<T>, input: unknown): Checked<T> {
  const result = schema.validate(input, {
    abortEarly: false,
    convert: true,
    errors: { wrap: { label: false } },
  });
  return result.error === undefined ? { value: result.value } : { error: result.error.details };
}

function refusal(items: readonly ValidationErrorItem[]): DocketError {
  const errors = items.map(faultOf);
  const code = items.every(isMalformed) ? "invalid_field" : "bad_request";
  return new DocketError(code, errors.map(({ detail }) => detail).join("; ") + ".", { errors });
}
