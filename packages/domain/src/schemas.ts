import Joi from "joi";
import { canonicalAmount } from "./amount.ts";
import { isDay } from "./calendar.ts";
import { isCurrency } from "./record/currencies.ts";
import { parseTimestamp } from "./record/instant.ts";
import { isUuid, UUID } from "./uuid.ts";

/**
 * Joi schemas shared by several requests. Messages complete the sentence "<field> …". `meta()` holds JSON Schema keywords:
 * the OpenAPI document shows them for rules that are custom functions in Joi.
 */

/**
 * The longest string that a rule looks at, in UTF-16 code units. The longest valid text has 10,000, so this leaves room for the
 * white space around it, which is trimmed.
 */
const MAX_LENGTH = 65_536;

/**
 * A string. If it is too long, it is refused with the error `tooLong` before `rule` sees it. `rule` also trims and changes
 * the case: Joi's own `trim()`, `lowercase()` and `uppercase()` run before every rule, and so before `max()`.
 */
export const boundedString = (
  tooLong: string,
  rule: (given: string, helpers: Joi.CustomHelpers) => string | Joi.ErrorReport,
): Joi.StringSchema =>
  Joi.string().custom((given: string, helpers) =>
    given.length > MAX_LENGTH ? helpers.error(tooLong) : rule(given, helpers),
  );

/** A UUID of any version, converted to lower case. */
export const uuid = (): Joi.StringSchema =>
  boundedString("malformed.uuid", (given, helpers) => {
    const id = given.toLowerCase();
    return isUuid(id) ? id : helpers.error("malformed.uuid");
  })
    .meta({ pattern: UUID.source, format: "uuid" })
    .messages({ "malformed.uuid": "{#label} must be a UUID" });

/** An existing day as `YYYY-MM-DD`. */
export const day = (): Joi.StringSchema =>
  boundedString("malformed.day", (given, helpers) =>
    isDay(given) ? given : helpers.error("malformed.day"),
  )
    .meta({ format: "date" })
    .messages({ "malformed.day": "{#label} must be an existing date in the form YYYY-MM-DD" });

/** An RFC 3339 timestamp with an offset, converted to UTC with milliseconds. Digits after the milliseconds are cut off. */
export const instant = (): Joi.StringSchema =>
  boundedString(
    "malformed.instant",
    (given, helpers) => parseTimestamp(given) ?? helpers.error("malformed.instant"),
  )
    .meta({ format: "date-time" })
    .messages({
      "malformed.instant":
        "{#label} must be an RFC 3339 timestamp with an offset such as 2026-01-15T10:30:00Z, in the years 0001 to 9999",
    });

/** A decimal string above 0, without superfluous zeros. */
export const positiveAmount = (): Joi.StringSchema =>
  boundedString("malformed.amount", (given, helpers) => {
    const amount = canonicalAmount(given);
    return amount === undefined || amount === "0" ? helpers.error("malformed.amount") : amount;
  })
    .meta({ pattern: "^\\d{1,20}(\\.\\d{1,8})?$" })
    .messages({
      "malformed.amount":
        "{#label} must be a decimal string above 0 with at most 20 digits before and 8 after the decimal point",
    });

/** An ISO 4217 code in any case, converted to upper case. */
export const currency = (): Joi.StringSchema =>
  boundedString("any.only", (given, helpers) => {
    const code = given.trim().toUpperCase();
    return isCurrency(code) ? code : helpers.error("any.only");
  })
    .meta({ minLength: 3, maxLength: 3 })
    .messages({ "any.only": "{#label} must be an ISO 4217 code, such as EUR" });

/** The body of a request. */
export const bodyOf = <T>(keys: Joi.PartialSchemaMap<T>): Joi.ObjectSchema<T> =>
  Joi.object<T>(keys).required().label("body");

/** Trimmed text of 1 to `maxLength` characters. Characters are code points, as in Postgres. */
export const text = (maxLength: number): Joi.StringSchema =>
  boundedString("malformed.length", (given, helpers) => {
    const value = given.trim();
    if (value === "") return helpers.error("string.empty");
    if (isLongerThan(maxLength, value)) return helpers.error("malformed.length");
    // Postgres cannot store NUL in text.
    if (value.includes("\0")) return helpers.error("malformed.nul");
    // An unpaired surrogate has no UTF-8 encoding: Postgres refuses it in JSON, and the driver replaces it elsewhere.
    return value.replace(/\p{Surrogate}/gu, "\ufffd");
  })
    .meta({ maxLength })
    .messages({
      "malformed.length": `{#label} must be at most ${maxLength} characters long`,
      "malformed.nul": "{#label} must not contain the character NUL",
    });

/** A code point has one or two code units. Counts code points only if the number of code units does not decide. */
const isLongerThan = (maxLength: number, value: string): boolean =>
  value.length > maxLength &&
  (value.length > 2 * maxLength || Array.from(value).length > maxLength);

/**
 * One of `values`, in any case, converted to upper case. Joi's `valid()` would report a number as an unknown value (400),
 * although a wrong type is malformed (422).
 */
export const oneOf = (values: readonly string[]): Joi.StringSchema =>
  boundedString("any.only", (given, helpers) => {
    const value = given.trim().toUpperCase();
    return values.includes(value) ? value : helpers.error("any.only");
  })
    .meta({ enum: values, description: "In any case." })
    .messages({ "any.only": `{#label} must be one of ${values.join(", ")}` });

/**
 * A list filter that may repeat; its values are alternatives. Aliases are replaced by the values they stand for. The result
 * is sorted and has no duplicates, so that equal filters compare equal: a cursor is bound to them.
 */
export const repeatableFilter = (
  values: readonly string[],
  aliases: Readonly<Record<string, string>> = {},
): Joi.ArraySchema =>
  Joi.array()
    .items(oneOf([...values, ...Object.keys(aliases)]))
    .single()
    .custom((given: readonly string[]) => {
      const names: string[] = given.map((name) => aliases[name] ?? name);
      return [...new Set(names)].toSorted();
    });
