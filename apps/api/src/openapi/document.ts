import type { Route } from "../http/route.ts";
import { headerComponents } from "./headers.ts";
import type { JsonSchema } from "./json-schema.ts";
import { operationOf } from "./operation.ts";
import { problemGroups, problemResponse } from "./problems.ts";
import { responseOf } from "./response.ts";
import { tags } from "./tags.ts";

/** The version of the package. */
const VERSION = "0.1.0";

const DESCRIPTION = `Docket is the export and dispute service for payment reconciliation.

**Errors** are RFC 9457 problems with a stable \`code\`. Status 400 means that the request cannot be accepted as it stands, 422 that a
field is malformed. Unknown fields and query parameters are refused.

**Idempotency**: every \`POST\`, \`PATCH\` and \`DELETE\` accepts an \`Idempotency-Key\`.

**Lists**: send \`nextCursor\` of a page as \`cursor\`, with the same filters and sort, to get the next page.`;

export type OpenApiDocument = {
  readonly openapi: "3.1.0";
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly [part: string]: unknown;
};

/** The OpenAPI 3.1 document of `routes`. */
export function openApiDocument(routes: readonly Route[]): OpenApiDocument {
  const schemas: Record<string, JsonSchema> = {};
  const responses: Record<string, unknown> = {};
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = (paths[templateOf(route.path)] ??= {});
    path[route.method.toLowerCase()] = shareSchemas(operationOf(route), schemas);
    for (const group of problemGroups(route)) {
      responses[group.name] ??= shareSchemas(
        responseOf(group.status, problemResponse(group)),
        schemas,
      );
    }
  }
  const bearer = {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description:
      "The claim `sub` is the acting principal, `tenant_id` is the tenant, and `permissions` (or `scope`) lists the permissions.",
  };
  return {
    openapi: "3.1.0",
    info: { title: "Docket", version: VERSION, description: DESCRIPTION },
    servers: [{ url: "/" }],
    tags,
    paths,
    components: { schemas, responses, ...headerComponents, securitySchemes: { bearer } },
  };
}

/** `/v1/contexts/{contextId}` for `/v1/contexts/:contextId`. */
const templateOf = (path: string): string => path.replaceAll(/:(\w+)/g, "{$1}");

/** Moves every schema with a title to `schemas`, and leaves a reference in its place. */
function shareSchemas(value: unknown, schemas: Record<string, JsonSchema>): unknown {
  if (Array.isArray(value)) return value.map((each) => shareSchemas(each, schemas));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, shareSchemas(each, schemas)]);
  const copy = Object.fromEntries(entries) as JsonSchema;
  const { title } = copy;
  if (typeof title !== "string") return copy;
  const known = (schemas[title] ??= copy);
  if (JSON.stringify(known) !== JSON.stringify(copy)) {
    throw new Error(`two different schemas have the title ${title}`);
  }
  return { $ref: `#/components/schemas/${title}` };
}
