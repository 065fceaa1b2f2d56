import { ERROR_CODES, MAX_LINE_FAULTS, type ErrorCode } from "@docket/domain";
import { PROBLEMS } from "../http/problem.ts";
import type { Answer, Route } from "../http/route.ts";
import type { AnswerHeader } from "./headers.ts";
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
  detail: { ...textSchema, description: "What went wrong, and what to change." },
  instance: { ...textSchema, description: "The path that was asked for." },
  code: { ...choiceSchema(ERROR_CODES), description: "Stable: for programs to look at." },
  requestId: textSchema,
} as const;

/** RFC 9457, with our own members (contract §1). */
export const problemSchema = component("Problem", problemFields, {
  errors: {
    type: "array",
    description: "The fields at fault.",
    items: objectSchema(fault),
  },
});

/** The refusal of a records body (contract §5). */
const ingestProblemSchema = component("IngestProblem", {
  ...problemFields,
  code: { type: "string", const: "invalid_records" },
  errors: {
    type: "array",
    description: "The first lines at fault.",
    maxItems: MAX_LINE_FAULTS,
    items: objectSchema({ line: { ...countSchema, minimum: 1 }, ...fault }),
  },
});

/** A `Problem` with these members beside its own. */
export const problemWith = (title: string, members: Readonly<Record<string, JsonSchema>>) =>
  component(title, { ...problemFields, ...members });

/** Every code that a route may answer with: what its parts imply, and what it says itself. */
export function codesOf(route: Route): readonly ErrorCode[] {
  const { method, permission, params, query, body, errors = [] } = route;
  const withToken = permission !== "public";
  const keyed = withToken && method === "POST";
  const codes = new Set<ErrorCode>(["bad_request", "internal_error", ...errors]);
  const add = (when: boolean, ...those: readonly ErrorCode[]): void => {
    if (when) for (const code of those) codes.add(code);
  };
  add(withToken, "unauthorized", "tenant_required", "forbidden", "rate_limited");
  add(withToken, "dependency_unavailable");
  add(params !== undefined, "not_found");
  add([params, query, body].some((part) => part !== undefined) || keyed, "invalid_field");
  add(method !== "GET", "payload_too_large", "unsupported_media_type");
  add(method !== "GET" && body !== "stream", "invalid_json");
  add(keyed, "idempotency_key_reused", "idempotency_key_in_use");
  return ERROR_CODES.filter((code) => codes.has(code));
}

/** Codes of one status that are told together; they make one answer of the document, which many routes share. */
export type ProblemGroup = {
  readonly name: string;
  readonly status: number;
  readonly codes: readonly ErrorCode[];
};

/** The refusals and failures of a route, by status. */
export function problemGroups(route: Route): readonly ProblemGroup[] {
  const codes = codesOf(route);
  const statuses = [...new Set(codes.map((code) => PROBLEMS[code].status))];
  return statuses.map((status) => {
    const those = codes.filter((code) => PROBLEMS[code].status === status);
    return { name: those.join("-or-"), status, codes: those };
  });
}

/** What such a group looks like. */
export const problemAnswer = ({ status, codes }: ProblemGroup): Answer => ({
  description: codes.map((code) => `${PROBLEMS[code].title}: \`${code}\`.`).join(" "),
  headers: HEADERS[status] ?? [],
  body: bodyOf(status, codes),
});

const HEADERS: Readonly<Record<number, readonly AnswerHeader[]>> = {
  401: ["WWW-Authenticate"],
  429: ["Retry-After"],
  503: ["Retry-After"],
};

function bodyOf(status: number, codes: readonly ErrorCode[]): JsonSchema {
  const plain = codes.filter((code) => code !== "invalid_records");
  const narrowed: JsonSchema = {
    allOf: [problemSchema],
    properties: { status: { const: status }, code: { enum: plain } },
  };
  return plain.length === codes.length ? narrowed : { anyOf: [narrowed, ingestProblemSchema] };
}
