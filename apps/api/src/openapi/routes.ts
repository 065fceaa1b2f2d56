import { defineRoute, type Route } from "../http/route.ts";
import { openApiDocument } from "./document.ts";
import { etagOfView, isKnown } from "../http/etag.ts";

/** Adds to `described` the route that tells of them all, itself among them. The document is made once. */
export function withDocument(described: readonly Route[]): readonly Route[] {
  const get = defineRoute({
    method: "GET",
    path: "/openapi.json",
    operationId: "getOpenApiDocument",
    summary: "This document",
    permission: "public",
    answers: {
      200: {
        description: "OpenAPI 3.1",
        headers: ["ETag"],
        body: { type: "object", required: ["openapi", "info", "paths"] },
      },
      304: { description: "The caller has it as it is", headers: ["ETag"] },
    },
    handler: async (_context, { raw }) => {
      const known = isKnown(raw.headers["if-none-match"], headers.ETag);
      return known ? { status: 304, headers } : { status: 200, headers, body: document };
    },
  });
  const routes = [...described, get];
  const document = openApiDocument(routes);
  // To be had by anybody, and to be asked again: it changes with each release.
  const headers = { ETag: etagOfView(document), "Cache-Control": "public, no-cache" };
  return routes;
}
