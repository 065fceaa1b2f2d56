import type { JsonSchema } from "./json-schema.ts";
import { mapValues } from "./map-values.ts";

type Header = { readonly description: string; readonly schema: JsonSchema };

const integerSchema: JsonSchema = { type: "integer", minimum: 0 };
const stringSchema: JsonSchema = { type: "string" };
const tagSchema: JsonSchema = { type: "string", pattern: '^"[^"]+"$' };
const visibleSchema = (maxLength: number): JsonSchema => ({
  type: "string",
  pattern: `^[\\x21-\\x7e]{1,${maxLength}}$`,
});

/** The request headers that the API reads. */
const REQUEST_HEADERS = {
  "X-Request-Id": {
    description:
      "An ID for this request. The response and the logs contain it. If it is absent or invalid, the API generates one.",
    schema: visibleSchema(128),
  },
  "Idempotency-Key": {
    description:
      "Makes it safe to repeat the request. For 24 hours, the same request with the same key gets the first 2xx response " +
      "again and has no further effect. `X-Idempotency-Key` is an alias.",
    schema: visibleSchema(255),
  },
  "If-Match": {
    description:
      "The `ETag` of the version to change. If the resource has changed since, the response is 412.",
    schema: stringSchema,
  },
  "If-None-Match": {
    description:
      "The `ETag` of an earlier response. If the resource has not changed since, the response is 304.",
    schema: stringSchema,
  },
  "Last-Event-ID": {
    description: "The `id` of the last event received. The stream continues after it.",
    schema: { type: "string", pattern: "^\\d{0,15}$" },
  },
  "Content-Digest": {
    description:
      "The SHA-256 of the body as `sha-256=:<base64>:` (RFC 9530). If the body does not match, the response is 400.",
    schema: stringSchema,
  },
  "Content-Encoding": {
    description: "`gzip` if the body is compressed.",
    schema: { type: "string", enum: ["gzip", "identity"] },
  },
} as const satisfies Readonly<Record<string, Header>>;

export type RequestHeader = keyof typeof REQUEST_HEADERS;

type OptionalHeader = Header & {
  /** A response that declares the header always has it. */
  readonly always: boolean;
};

/** The response headers of the API. */
const RESPONSE_HEADERS = {
  "X-Request-Id": {
    always: true,
    description: "The ID of the request.",
    schema: visibleSchema(128),
  },
  Location: {
    always: true,
    description: "The path of the new resource.",
    schema: { type: "string", pattern: "^/v1/" },
  },
  ETag: {
    always: true,
    description: "Identifies this version of the resource, for `If-Match` and `If-None-Match`.",
    schema: tagSchema,
  },
  "Retry-After": {
    always: false,
    description: "The number of seconds to wait before the next request.",
    schema: integerSchema,
  },
  "WWW-Authenticate": {
    always: true,
    description: "The scheme of the required token, and `invalid_token` if the token was invalid.",
    schema: { type: "string", pattern: "^Bearer" },
  },
  "Idempotency-Replayed": {
    always: false,
    description:
      "Present when this is the stored response to an earlier request with the same key.",
    schema: { type: "string", const: "true" },
  },
  RateLimit: {
    always: false,
    description: "The number of requests that remain in the current window.",
    schema: stringSchema,
  },
  "RateLimit-Policy": {
    always: false,
    description: "The rate limits that apply to the request.",
    schema: stringSchema,
  },
} as const satisfies Readonly<Record<string, OptionalHeader>>;

export type ResponseHeader = keyof typeof RESPONSE_HEADERS;

/** Both tables as components of the document. */
export const headerComponents = {
  parameters: mapValues<Header, object>(REQUEST_HEADERS, (header, name) => ({
    name,
    in: "header",
    ...header,
  })),
  headers: mapValues<OptionalHeader, object>(RESPONSE_HEADERS, ({ always, ...header }) => ({
    ...(always && { required: true }),
    ...header,
  })),
};
