import type { Route } from "../http/route.ts";
import { headerComponents } from "./headers.ts";
import type { JsonSchema } from "./json-schema.ts";
import { operationOf } from "./operation.ts";
import { problemAnswer, problemGroups } from "./problems.ts";
import { responseOf } from "./response.ts";
import { tags } from "./tags.ts";

/** The API's version: that of its package. */
const VERSION = "0.1.0";

const ABOUT = `Docket is the export and dispute service for payment reconciliation.

Every refusal is a problem (RFC 9457) with a stable \`code\`. A \`POST\` takes an \`Idempotency-Key\`. Lists are walked by \`nextCursor\`,
which belongs to its filters and sort. Unknown fields and query parameters are refused.`;

export type OpenApiDocument = {
  readonly openapi: "3.1.0";
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly [part: string]: unknown;
};

/** The OpenAPI 3.1 document of `routes`: made of them, so that it cannot fall behind. */
export function openApiDocument(routes: readonly Route[]): OpenApiDocument {
  const schemas: Record<string, JsonSchema> = {};
  const responses: Record<string, unknown> = {};
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = (paths[templateOf(route.path)] ??= {});
    path[route.method.toLowerCase()] = shared(operationOf(route), schemas);
    for (const group of problemGroups(route)) {
      const answer = responseOf(group.status, problemAnswer(group));
      responses[group.name] = shared(answer, schemas);
    }
  }
  const bearer = {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description:
      "`sub` says who acts, `tenant_id` for whom, and `permissions` (or `scope`) what they may do.",
  };
  return {
    openapi: "3.1.0",
    info: { title: "Docket", version: VERSION, description: ABOUT },
    servers: [{ url: "/" }],
    tags,
    paths,
    components: { schemas, responses, ...headerComponents, securitySchemes: { bearer } },
  };
}

/** `/v1/contexts/:contextId` as OpenAPI writes it. */
const templateOf = (path: string): string => path.replaceAll(/:(\w+)/g, "{$1}");

/** Puts every schema with a title among `schemas`, and a reference in its place. */
function shared(value: unknown, schemas: Record<string, JsonSchema>): unknown {
  if (Array.isArray(value)) return value.map((each) => shared(each, schemas));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, shared(each, schemas)]);
  const copy = Object.fromEntries(entries) as JsonSchema;
  const { title } = copy;
  if (typeof title !== "string") return copy;
  const known = (schemas[title] ??= copy);
  // Two that differ would be told as one.
  if (JSON.stringify(known) !== JSON.stringify(copy)) throw new Error(`two schemas named ${title}`);
  return { $ref: `#/components/schemas/${title}` };
}
