import type { Schema, ValidationErrorItem } from "joi";
import { DocketError } from "./errors.ts";

/**
 * Joi's error types for a field that is present but malformed (422, docs/api.md §1). The types `malformed.*` of our custom
 * rules count too. All other types mean that the request cannot be accepted as it stands (400).
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

const isMalformed = ({ type }: ValidationErrorItem): boolean =>
  MALFORMED.has(type) || type.startsWith("malformed.");

/**
 * Validates `input` and returns the normalized value. Reports all faults together; if both kinds occur, 400 takes precedence.
 *
 * @throws DocketError `bad_request` (400) or `invalid_field` (422), with `errors`.
 */
export function validate<T>(schema: Schema<T>, input: unknown): T {
  const { faults, value } = check(schema, input);
  if (faults !== undefined) throw validationError(faults);
  return value;
}

/** Like {@link validate}, for several parts of one request (path, query, body). Reports the faults of all parts together. */
export function validateAll<T extends Record<string, unknown>>(parts: {
  readonly [K in keyof T]: { readonly schema: Schema<T[K]>; readonly input: unknown };
}): T {
  const allFaults: ValidationErrorItem[] = [];
  const values: Partial<T> = {};
  for (const name of Object.keys(parts) as (keyof T)[]) {
    const { faults, value } = check(parts[name].schema, parts[name].input);
    if (faults === undefined) values[name] = value;
    else allFaults.push(...faults);
  }
  if (allFaults.length > 0) throw validationError(allFaults);
  return values as T;
}

type Checked<T> =
  | { readonly faults?: undefined; readonly value: T }
  | { readonly faults: readonly ValidationErrorItem[]; readonly value?: undefined };

function check<T>(schema: Schema<T>, input: unknown): Checked<T> {
  const { error, value } = schema.validate(input, {
    abortEarly: false,
    convert: true,
    errors: { wrap: { label: false } },
  });
  return error === undefined ? { value } : { faults: error.details };
}

function validationError(faults: readonly ValidationErrorItem[]): DocketError {
  const errors = faults.map(({ path, message }) => ({ field: path.join("."), detail: message }));
  const code = faults.every(isMalformed) ? "invalid_field" : "bad_request";
  return new DocketError(code, `${errors.map(({ detail }) => detail).join("; ")}.`, { errors });
}
