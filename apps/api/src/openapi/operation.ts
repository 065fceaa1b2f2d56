import type { Schema } from "joi";
import type { Route } from "../http/route.ts";
import type { RequestHeader, ResponseHeader } from "./headers.ts";
import { requestSchema, type JsonSchema } from "./json-schema.ts";
import { mapValues } from "./map-values.ts";
import { acceptsKey, codesOf, problemGroups } from "./problems.ts";
import { COMMON_HEADERS, referTo, responseOf, type Part } from "./response.ts";
import { tagOf } from "./tags.ts";

/** A route as an OpenAPI operation, with inline schemas. */
export function operationOf(route: Route): Part {
  const { operationId, summary, permission } = route;
  const isPublic = permission === "public";
  const parameters = parametersOf(route);
  return {
    operationId,
    summary,
    tags: [tagOf(route)],
    ...descriptionOf(route),
    // For a scheme other than OAuth 2, the list names the required roles.
    security: isPublic ? [] : [{ bearer: [permission] }],
    ...(!isPublic && { "x-permission": permission }),
    ...(parameters.length > 0 && { parameters }),
    ...requestBodyOf(route),
    responses: responsesOf(route),
  };
}

function descriptionOf({ description, permission }: Route): Part {
  const required = permission === "public" ? [] : [`Requires the permission \`${permission}\`.`];
  const paragraphs = [...(description === undefined ? [] : [description]), ...required];
  return paragraphs.length === 0 ? {} : { description: paragraphs.join("\n\n") };
}

function parametersOf(route: Route): readonly Part[] {
  return [
    ...parametersIn("path", route.params),
    ...parametersIn("query", queryOf(route)),
    ...requestHeadersOf(route).map((name) => referTo("parameters", name)),
  ];
}

const queryOf = (route: Route): Schema | undefined =>
  ("documentedQuery" in route ? route.documentedQuery : undefined) ?? route.query;

function parametersIn(place: "path" | "query", schema: Schema | undefined): readonly Part[] {
  if (schema === undefined) return [];
  const { properties, required = [] } = requestSchema(schema) as {
    properties: Readonly<Record<string, JsonSchema>>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    ...(required.includes(name) && { required: true }),
    ...(description !== undefined && { description }),
    schema: rest,
  }));
}

function requestHeadersOf(route: Route): readonly RequestHeader[] {
  const { responses, headers = [] } = route;
  return [
    "X-Request-Id",
    ...(acceptsKey(route) ? ["Idempotency-Key" as const] : []),
    ...(304 in responses ? ["If-None-Match" as const] : []),
    ...(codesOf(route).includes("precondition_failed") ? ["If-Match" as const] : []),
    ...headers,
  ];
}

function requestBodyOf(route: Route): Part {
  if (route.method === "GET" || route.body === undefined) return {};
  if (route.body === "stream") {
    const content = mapValues(route.media, (schema) => ({ schema }));
    return { requestBody: { required: true, content } };
  }
  const { body, operationId } = route;
  const title = `${operationId[0]!.toUpperCase()}${operationId.slice(1)}Request`;
  const schema = { title, ...requestSchema(body) };
  return { requestBody: { required: true, content: { "application/json": { schema } } } };
}

function responsesOf(route: Route): Part {
  const problems = problemGroups(route).map(({ status, name }) => [
    status,
    referTo("responses", name),
  ]);
  const responses = mapValues(route.responses, (response, status) =>
    responseOf(Number(status), response, commonHeaders(route)),
  );
  return { ...Object.fromEntries(problems), ...responses };
}

/** The headers of every response that is not a problem. */
function commonHeaders(route: Route): readonly ResponseHeader[] {
  if (route.permission === "public") return ["X-Request-Id"];
  return [...(acceptsKey(route) ? (["Idempotency-Replayed"] as const) : []), ...COMMON_HEADERS];
}
