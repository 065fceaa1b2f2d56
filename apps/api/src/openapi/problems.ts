import { ERROR_CODES, MAX_LINE_FAULTS, type ErrorCode } from "@docket/domain";
import { PROBLEMS } from "../http/problem.ts";
import type { Route, RouteResponse } from "../http/route.ts";
import type { ResponseHeader } from "./headers.ts";
import {
  choiceSchema,
  component,
  countSchema,
  objectSchema,
  textSchema,
  type JsonSchema,
} from "./json-schema.ts";

const fault = { field: textSchema, detail: textSchema };

const problemFields = {
  type: { type: "string", pattern: "^urn:docket:error:" },
  title: textSchema,
  status: { type: "integer", minimum: 400, maximum: 599 },
  detail: { ...textSchema, description: "What is wrong, and what to send instead." },
  instance: { ...textSchema, description: "The requested path." },
  code: { ...choiceSchema(ERROR_CODES), description: "A stable error code, for programs." },
  requestId: textSchema,
} as const;

/** An RFC 9457 problem (docs/api.md §1, "Errors"). */
const problemSchema = component("Problem", problemFields, {
  errors: {
    type: "array",
    description: "The fields at fault.",
    items: objectSchema(fault),
  },
  oldestSeq: {
    ...countSchema,
    description: "The oldest event that is kept. Present if the code is `events_expired`.",
  },
});

/** The problem of an ingest with invalid records (docs/api.md §5). */
const ingestProblemSchema = component("IngestProblem", {
  ...problemFields,
  code: { type: "string", const: "invalid_records" },
  errors: {
    type: "array",
    description: "The first lines at fault, with the field and the reason.",
    maxItems: MAX_LINE_FAULTS,
    items: objectSchema({ line: { ...countSchema, minimum: 1 }, ...fault }),
  },
});

/** A `Problem` with additional members. */
export const problemWith = (title: string, members: Readonly<Record<string, JsonSchema>>) =>
  component(title, { ...problemFields, ...members });

/** True when requests of the route may have an idempotency key. */
export const acceptsKey = ({ method, permission }: Pick<Route, "method" | "permission">): boolean =>
  method !== "GET" && permission !== "public";

/** The error codes of a route: those that follow from its parts, and those that it declares. */
export function codesOf(route: Route): readonly ErrorCode[] {
  const { permission, params, query, errors = [] } = route;
  const body = route.method === "GET" ? undefined : route.body;
  const isWrite = route.method !== "GET";
  const withToken = permission !== "public";
  const isKeyed = acceptsKey(route);
  const codes = new Set<ErrorCode>(["bad_request", "internal_error", ...errors]);
  const add = (when: boolean, ...implied: readonly ErrorCode[]): void => {
    if (when) for (const code of implied) codes.add(code);
  };
  add(withToken, "unauthorized", "tenant_required", "forbidden", "rate_limited");
  add(withToken, "dependency_unavailable");
  add(params !== undefined, "not_found");
  add([params, query, body].some((part) => part !== undefined) || isKeyed, "invalid_field");
  add(isWrite, "payload_too_large", "unsupported_media_type");
  add(isWrite && body !== "stream", "invalid_json");
  add(isKeyed, "idempotency_key_reused", "idempotency_key_in_use", "idempotency_storage_full");
  return ERROR_CODES.filter((code) => codes.has(code));
}

/** The codes of a route that have the same status. Each group is one response of the document, which many routes share. */
export type ProblemGroup = {
  readonly name: string;
  readonly status: number;
  readonly codes: readonly ErrorCode[];
};

/** The error responses of a route, by status. */
export function problemGroups(route: Route): readonly ProblemGroup[] {
  const codes = codesOf(route);
  const statuses = [...new Set(codes.map((code) => PROBLEMS[code].status))];
  return statuses.map((status) => {
    const group = codes.filter((code) => PROBLEMS[code].status === status);
    return { name: group.join("-or-"), status, codes: group };
  });
}

/** The response of a group. */
export const problemResponse = ({ status, codes }: ProblemGroup): RouteResponse => ({
  description: codes.map((code) => `${PROBLEMS[code].title}: \`${code}\`.`).join(" "),
  headers: [...new Set(codes.flatMap((code) => HEADERS[code] ?? []))],
  body: bodyOf(status, codes),
});

const HEADERS: Partial<Readonly<Record<ErrorCode, ResponseHeader>>> = {
  unauthorized: "WWW-Authenticate",
  idempotency_key_in_use: "Retry-After",
  idempotency_storage_full: "Retry-After",
  rate_limited: "Retry-After",
  too_many_active_exports: "Retry-After",
  too_many_ingests: "Retry-After",
  dependency_unavailable: "Retry-After",
};

function bodyOf(status: number, codes: readonly ErrorCode[]): JsonSchema {
  const plain = codes.filter((code) => code !== "invalid_records");
  const narrowed: JsonSchema = {
    type: "object",
    allOf: [problemSchema],
    properties: { status: { const: status }, code: { enum: plain } },
  };
  return plain.length === codes.length ? narrowed : { anyOf: [narrowed, ingestProblemSchema] };
}
