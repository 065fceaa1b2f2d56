import { PROBLEM_TYPE } from "../http/problem.ts";
import type { Answer } from "../http/route.ts";
import type { AnswerHeader } from "./headers.ts";

/** A part of an OpenAPI document. */
export type Part = Readonly<Record<string, unknown>>;

/** The headers that every answer to a token may carry. */
export const EVERYWHERE: readonly AnswerHeader[] = [
  "X-Request-Id",
  "RateLimit",
  "RateLimit-Policy",
];

/** An answer as OpenAPI puts it, with `more` headers beside its own. */
export function responseOf(
  status: number,
  { description, headers = [], body }: Answer,
  more: readonly AnswerHeader[] = EVERYWHERE,
): Part {
  const mediaType = status < 400 ? "application/json" : PROBLEM_TYPE;
  const names = [...headers, ...more];
  return {
    description,
    headers: Object.fromEntries(names.map((name) => [name, referTo("headers", name)])),
    ...(body !== undefined && { content: { [mediaType]: { schema: body } } }),
  };
}

/** A reference to a component. */
export const referTo = (where: "headers" | "parameters" | "responses", name: string): Part => ({
  $ref: `#/components/${where}/${name}`,
});
