import type { Schema } from "joi";
import type { Route } from "../http/route.ts";
import type { AnswerHeader, RequestHeader } from "./headers.ts";
import { requestSchema, type JsonSchema } from "./json-schema.ts";
import { mapValues } from "./map-values.ts";
import { codesOf, problemGroups } from "./problems.ts";
import { EVERYWHERE, referTo, responseOf, type Part } from "./response.ts";
import { tagOf } from "./tags.ts";

/** A route as an OpenAPI operation. Its schemas are inline: the document makes components of those with a title. */
export function operationOf(route: Route): Part {
  const { operationId, summary, permission } = route;
  const isPublic = permission === "public";
  const parameters = parametersOf(route);
  return {
    operationId,
    summary,
    tags: [tagOf(route)],
    ...descriptionOf(route),
    // For a scheme that is not OAuth these are the roles that are wanted.
    security: isPublic ? [] : [{ bearer: [permission] }],
    ...(!isPublic && { "x-permission": permission }),
    ...(parameters.length > 0 && { parameters }),
    ...requestBodyOf(route),
    responses: responsesOf(route),
  };
}

function descriptionOf({ description, permission }: Route): Part {
  const needs = permission === "public" ? [] : [`Needs the permission \`${permission}\`.`];
  const paragraphs = [...(description === undefined ? [] : [description]), ...needs];
  return paragraphs.length === 0 ? {} : { description: paragraphs.join("\n\n") };
}

function parametersOf(route: Route): readonly Part[] {
  return [
    ...parametersIn("path", route.params),
    ...parametersIn("query", route.documentedQuery ?? route.query),
    ...requestHeadersOf(route).map((name) => referTo("parameters", name)),
  ];
}

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
  const { method, permission, answers, headers = [] } = route;
  return [
    "X-Request-Id",
    ...(method === "POST" && permission !== "public" ? ["Idempotency-Key" as const] : []),
    ...(304 in answers ? ["If-None-Match" as const] : []),
    ...(codesOf(route).includes("precondition_failed") ? ["If-Match" as const] : []),
    ...headers,
  ];
}

function requestBodyOf({ body, media, operationId }: Route): Part {
  if (body === undefined) return {};
  if (body === "stream") {
    const content = mapValues(media ?? {}, (schema) => ({ schema }));
    return { requestBody: { required: true, content } };
  }
  const title = `${operationId[0]!.toUpperCase()}${operationId.slice(1)}Request`;
  const schema = { title, ...requestSchema(body) };
  return { requestBody: { required: true, content: { "application/json": { schema } } } };
}

function responsesOf(route: Route): Part {
  const problems = problemGroups(route).map(({ status, name }) => [
    status,
    referTo("responses", name),
  ]);
  const answers = mapValues(route.answers, (answer, status) =>
    responseOf(Number(status), answer, commonHeaders(route)),
  );
  return { ...Object.fromEntries(problems), ...answers };
}

/** The headers of an answer that is no problem. */
function commonHeaders({ method, permission }: Route): readonly AnswerHeader[] {
  if (permission === "public") return ["X-Request-Id"];
  return [...(method === "POST" ? (["Idempotency-Replayed"] as const) : []), ...EVERYWHERE];
}
