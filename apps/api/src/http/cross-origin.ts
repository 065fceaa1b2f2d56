import cors from "cors";
import type { RequestHandler } from "express";

/** The response headers that scripts of other origins may read (docs/api.md §6). */
const EXPOSED_HEADERS = [
  "Location",
  "Retry-After",
  "ETag",
  "X-Request-Id",
  "Idempotency-Replayed",
  "RateLimit",
  "RateLimit-Policy",
  "RateLimit-Limit",
  "RateLimit-Remaining",
  "RateLimit-Reset",
];

/** Allows scripts of `origins` to use the API. Requests without an `Origin`, which no browser sent to another origin, skip `cors`. */
export function createCrossOrigin(origins: readonly string[]): RequestHandler {
  if (origins.length === 0) return (_request, _response, next) => next();
  const handle = cors({ origin: [...origins], exposedHeaders: EXPOSED_HEADERS, maxAge: 600 });
  return (request, response, next) => {
    if (request.headers.origin !== undefined || request.method === "OPTIONS") {
      handle(request, response, next);
      return;
    }
    // A cache must not answer a browser with this response.
    response.setHeader("Vary", "Origin");
    next();
  };
}
