import type Joi from "joi";
import { DocketError, validate } from "../../src/index.ts";

/** Runs what may refuse, so that the rest of a target runs too. */
export function tolerate(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof DocketError)) throw error;
  }
}

/** The text as the value of each field, in a list, as the name of a field, and as the whole body. */
export function attackSchema(schema: Joi.ObjectSchema, text: string): void {
  const { keys = {} } = schema.describe() as { keys?: Readonly<Record<string, unknown>> };
  for (const name of Object.keys(keys)) {
    tolerate(() => validate(schema, { [name]: text }));
    tolerate(() => validate(schema, { [name]: [text, text] }));
  }
  tolerate(() => validate(schema, { [text]: text }));
  tolerate(() => validate(schema, text));
}
