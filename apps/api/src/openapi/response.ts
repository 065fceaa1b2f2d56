import { PROBLEM_TYPE } from "../http/problem.ts";
import type { RouteResponse } from "../http/route.ts";
import type { ResponseHeader } from "./headers.ts";

/** A part of an OpenAPI document. */
export type Part = Readonly<Record<string, unknown>>;

/** The headers of every response to a request with a token. */
export const COMMON_HEADERS: readonly ResponseHeader[] = [
  "X-Request-Id",
  "RateLimit",
  "RateLimit-Policy",
];

/** A response in the form of OpenAPI, with `more` headers in addition to its own. */
export function responseOf(
  status: number,
  { description, headers = [], body, mediaType = "application/json" }: RouteResponse,
  more: readonly ResponseHeader[] = COMMON_HEADERS,
): Part {
  const names = [...headers, ...more];
  return {
    description,
    headers: Object.fromEntries(names.map((name) => [name, referTo("headers", name)])),
    ...(body !== undefined && {
      content: { [status < 400 ? mediaType : PROBLEM_TYPE]: { schema: body } },
    }),
  };
}

/** A reference to a component. */
export const referTo = (kind: "headers" | "parameters" | "responses", name: string): Part => ({
  $ref: `#/components/${kind}/${name}`,
});
