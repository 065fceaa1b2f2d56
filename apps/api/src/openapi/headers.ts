import type { JsonSchema } from "./json-schema.ts";
import { mapValues } from "./map-values.ts";

type Header = { readonly description: string; readonly schema: JsonSchema };

const whole: JsonSchema = { type: "integer", minimum: 0 };
const words: JsonSchema = { type: "string" };
const tag: JsonSchema = { type: "string", pattern: '^"[^"]+"$' };
const visible = (most: number): JsonSchema => ({
  type: "string",
  pattern: `^[\\x21-\\x7e]{1,${most}}$`,
});

/** Headers of requests that mean something to us. */
export const REQUEST_HEADERS = {
  "X-Request-Id": {
    description: "The request's id in logs and answers. One that does not fit is replaced.",
    schema: visible(128),
  },
  "Idempotency-Key": {
    description:
      "Makes it safe to send the request again: the first answer of the 2xx kind is kept for 24 hours. " +
      "`X-Idempotency-Key` is the same.",
    schema: visible(255),
  },
  "If-Match": {
    description: "The `ETag` of the version that is to be changed; when there is a newer one, 412.",
    schema: words,
  },
  "If-None-Match": {
    description: "The `ETag` that the caller has; while it is the newest, 304.",
    schema: words,
  },
  "Content-Digest": {
    description: "`sha-256=:…:` of the body (RFC 9530): a body that does not agree is refused.",
    schema: words,
  },
  "Content-Encoding": {
    description: "`gzip`, or none.",
    schema: { type: "string", enum: ["gzip", "identity"] },
  },
} as const satisfies Readonly<Record<string, Header>>;

export type RequestHeader = keyof typeof REQUEST_HEADERS;

/** Headers of answers. `always`: an answer that declares it never lacks it. */
export const ANSWER_HEADERS = {
  "X-Request-Id": { always: true, description: "The request's id.", schema: visible(128) },
  Location: {
    always: true,
    description: "The path of what was made.",
    schema: { type: "string", pattern: "^/v1/" },
  },
  ETag: { always: true, description: "Changes whenever the answer does.", schema: tag },
  "Retry-After": {
    always: false,
    description: "Seconds after which it is worth asking again.",
    schema: whole,
  },
  "WWW-Authenticate": {
    always: true,
    description: "What kind of token is wanted.",
    schema: { type: "string", pattern: "^Bearer" },
  },
  "Idempotency-Replayed": {
    always: false,
    description: "This is the first answer to the same request, again.",
    schema: { type: "string", const: "true" },
  },
  RateLimit: { always: false, description: "What is left of the limit.", schema: words },
  "RateLimit-Policy": { always: false, description: "The limit.", schema: words },
} as const satisfies Readonly<Record<string, Header & { readonly always: boolean }>>;

export type AnswerHeader = keyof typeof ANSWER_HEADERS;

/** Both tables as components of the document. */
export const headerComponents = {
  parameters: mapValues<Header, object>(REQUEST_HEADERS, (header, name) => ({
    name,
    in: "header",
    ...header,
  })),
  headers: mapValues<Header & { readonly always: boolean }, object>(
    ANSWER_HEADERS,
    ({ always, ...header }) => ({ ...(always && { required: true }), ...header }),
  ),
};
