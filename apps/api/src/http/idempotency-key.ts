import type { IncomingHttpHeaders } from "node:http";
import Joi from "joi";

/** 1 to 255 visible ASCII characters (docs/api.md §1, "Idempotency"). */
const KEY = /^[\x21-\x7e]{1,255}$/;

const MALFORMED = { "malformed.key": "{#label} must be 1 to 255 visible ASCII characters" };

export type KeyHeaders = {
  readonly "Idempotency-Key"?: unknown;
  readonly "X-Idempotency-Key"?: unknown;
};

/** The check of both names of the header. Node joins a repeated header with a comma and a space, which makes it malformed. */
export const keyHeadersSchema = Joi.object<KeyHeaders>({
  "Idempotency-Key": Joi.any().custom(checkKey).messages(MALFORMED),
  "X-Idempotency-Key": Joi.any()
    .custom(checkKey)
    .custom((value: unknown, helpers) => {
      const [{ "Idempotency-Key": other = value }] = helpers.state.ancestors as [KeyHeaders];
      return value === other ? value : helpers.error("refused.two_keys");
    })
    .messages({
      ...MALFORMED,
      "refused.two_keys": "Idempotency-Key and X-Idempotency-Key must not differ",
    }),
});

function checkKey(value: unknown, helpers: Joi.CustomHelpers): unknown {
  return KEY.test(String(value)) ? value : helpers.error("malformed.key");
}

/** The idempotency headers of a request; undefined when it has none. */
export function keyHeadersOf(headers: IncomingHttpHeaders): KeyHeaders | undefined {
  const { "idempotency-key": key, "x-idempotency-key": other } = headers;
  if (key === undefined && other === undefined) return undefined;
  return {
    ...(key !== undefined && { "Idempotency-Key": key }),
    ...(other !== undefined && { "X-Idempotency-Key": other }),
  };
}

/** The key in headers that {@link keyHeadersSchema} has accepted. */
export const keyOf = (headers: KeyHeaders = {}): string | undefined =>
  (headers["Idempotency-Key"] ?? headers["X-Idempotency-Key"]) as string | undefined;
