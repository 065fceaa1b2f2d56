import { etagOfView, isKnown } from "../http/etag.ts";
import { readRoute, type Route } from "../http/route.ts";
import { openApiDocument, type OpenApiDocument } from "./document.ts";

/** Makes the OpenAPI document of `described` and of its own route, and adds that route. */
export function withDocument(described: readonly Route[]): {
  readonly routes: readonly Route[];
  readonly document: OpenApiDocument;
} {
  const get = readRoute({
    method: "GET",
    path: "/openapi.json",
    operationId: "getOpenApiDocument",
    summary: "Get this document",
    permission: "public",
    responses: {
      200: {
        description: "The OpenAPI 3.1 document.",
        headers: ["ETag"],
        body: { type: "object", required: ["openapi", "info", "paths"] },
      },
      304: { description: "The document has not changed.", headers: ["ETag"] },
    },
    handler: async (_context, request) => {
      const isCurrent = isKnown(request.headers["if-none-match"], headers.ETag);
      return isCurrent ? { status: 304, headers } : { status: 200, headers, body: document };
    },
  });
  const routes = [...described, get];
  const document = openApiDocument(routes);
  // Caches may store it, but must revalidate it: it changes with each release.
  const headers = { ETag: etagOfView(document), "Cache-Control": "public, no-cache" };
  return { routes, document };
}
