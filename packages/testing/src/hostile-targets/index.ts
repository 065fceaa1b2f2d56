/* Helpers for targets of hostile texts. They are apart from hostile-texts because they are loaded outside of Jest, too. */

export { ATTACKS, textOf, type Attack } from "../hostile-texts/attacks.ts";

const REFUSALS = new Set(["DocketError", "S3Error"]);

/** True if `error` is one by which a target refuses a text. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof Error && REFUSALS.has(error.name);

/** Runs each step of a target, also after one of them has refused the text. */
export async function tryEach(...steps: readonly (() => unknown)[]): Promise<void> {
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }
}

/** A schema of an object, as Joi makes it. */
type ObjectSchema = { readonly describe: () => object };

/** Validates the text as the value of each field, in a list, as the name of a field, and as the whole object. */
export async function attackSchema<Schema extends ObjectSchema>(
  schema: Schema,
  text: string,
  validate: (schema: Schema, input: unknown) => unknown,
): Promise<void> {
  const { keys = {} } = schema.describe() as { readonly keys?: Readonly<Record<string, unknown>> };
  const inputs = Object.keys(keys).flatMap((name) => [{ [name]: text }, { [name]: [text, text] }]);
  const steps = [...inputs, { [text]: text }, text].map((input) => () => validate(schema, input));
  await tryEach(...steps);
}
