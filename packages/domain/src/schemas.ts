import Joi from "joi";
import { isDay } from "./calendar.ts";
import { UUID } from "./uuid.ts";

/**
 * Joi schemas shared by several requests. Messages complete the sentence "<field> …". `meta()` holds JSON Schema keywords:
 * the OpenAPI document shows them for rules that are custom functions in Joi.
 */

/** A UUID of any version, converted to lower case. */
export const uuid = (): Joi.StringSchema =>
  Joi.string()
    .lowercase()
    .pattern(UUID)
    .meta({ format: "uuid" })
    .messages({ "string.pattern.base": "{#label} must be a UUID" });

/** An existing day as `YYYY-MM-DD`. */
export const day = (): Joi.StringSchema =>
  Joi.string()
    .custom((value: string, helpers) => (isDay(value) ? value : helpers.error("malformed.day")))
    .meta({ format: "date" })
    .messages({ "malformed.day": "{#label} must be an existing date in the form YYYY-MM-DD" });

/** Trimmed text of 1 to `maxLength` characters. Characters are code points, as in Postgres. */
export const text = (maxLength: number): Joi.StringSchema =>
  Joi.string()
    .trim()
    .custom((value: string, helpers) => {
      if (Array.from(value).length > maxLength) {
        return helpers.error("malformed.length", { maxLength });
      }
      // Postgres cannot store NUL in text.
      return value.includes("\0") ? helpers.error("malformed.nul") : value;
    })
    .meta({ maxLength })
    .messages({
      "malformed.length": "{#label} must be at most {#maxLength} characters long",
      "malformed.nul": "{#label} must not contain the character NUL",
    });

/**
 * One of `values`, in any case, converted to upper case. Joi's `valid()` would report a number as an unknown value (400),
 * although a wrong type is malformed (422).
 */
export const oneOf = (values: readonly string[]): Joi.StringSchema =>
  Joi.string()
    .trim()
    .uppercase()
    .custom((value: string, helpers) =>
      values.includes(value) ? value : helpers.error("any.only"),
    )
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
