import type { Answer } from "../http/route.ts";

/** Answers that every route with a token may give. */
export const refusals = {
  400: { description: "The request cannot be accepted as it stands" },
  401: { description: "No token, or none that is valid", headers: ["WWW-Authenticate"] },
  403: { description: "The token lacks the permission, or names no tenant" },
  422: { description: "A field is there but malformed" },
  503: { description: "A dependency is out of reach", headers: ["Retry-After"] },
} as const satisfies Readonly<Record<number, Answer>>;

/** For routes that name something by its id. */
export const notFoundAnswer = {
  404: { description: "There is no such thing in this tenant" },
} as const satisfies Readonly<Record<number, Answer>>;

/** For routes that read a JSON body. */
export const bodyRefusals = {
  413: { description: "The body is too large" },
  415: { description: "The body is not application/json" },
} as const satisfies Readonly<Record<number, Answer>>;
