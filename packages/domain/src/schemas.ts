import Joi from "joi";
import { isDay } from "./calendar.ts";
import { UUID } from "./uuid.ts";

/**
 * Joi pieces that requests share. The texts complete the sentence "<field> …". What `meta()` holds are keywords of JSON
 * Schema: they tell the API's document what a rule of our own checks, where Joi cannot.
 */

/** A UUID of any version, in lower case afterwards. */
export const uuid = (): Joi.StringSchema =>
  Joi.string()
    .lowercase()
    .pattern(UUID)
    .meta({ format: "uuid" })
    .messages({ "string.pattern.base": "{#label} must be a UUID" });

/** A `YYYY-MM-DD` that exists. */
export const day = (): Joi.StringSchema =>
  Joi.string()
    .custom((value: string, helpers) => (isDay(value) ? value : helpers.error("malformed.day")))
    .meta({ format: "date" })
    .messages({ "malformed.day": "{#label} must be a day that exists, as YYYY-MM-DD" });

/** Trimmed text of 1 to `most` characters; a character is a code point, as it is for Postgres. */
export const text = (most: number): Joi.StringSchema =>
  Joi.string()
    .trim()
    .custom((value: string, helpers) => {
      if (Array.from(value).length > most) return helpers.error("malformed.length", { most });
      // Postgres has no NUL in text.
      return value.includes("\0") ? helpers.error("malformed.nul") : value;
    })
    .meta({ maxLength: most })
    .messages({
      "malformed.length": "{#label} must be at most {#most} characters long",
      "malformed.nul": "{#label} must not contain the character NUL",
    });

/** One of `values`, in any case, upper case afterwards. Not by `valid()`: a number would be an unknown value (400), and is malformed (422). */
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
 * Some of `values`, as a filter of a list takes them; an alias stands for what it names. Sorted and without repetitions
 * afterwards, so that the same filter is always the same: a cursor is bound to it.
 */
export const someOf = (
  values: readonly string[],
  aliases: Readonly<Record<string, string>> = {},
): Joi.ArraySchema =>
  Joi.array()
    .items(oneOf([...values, ...Object.keys(aliases)]))
    .single()
    .custom((given: readonly string[]) => {
      const names: string[] = given.map((each) => aliases[each] ?? each);
      return [...new Set(names)].toSorted();
    });
