import type { OutgoingHttpHeaders } from "node:http";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { OpenApiDocument } from "../../src/openapi/document.ts";

export type SentResponse = {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string;
};

type Json = Readonly<Record<string, any>>; // oxlint-disable-line typescript/no-explicit-any -- a document of any shape

/** The statuses of unknown paths and of unknown methods. */
const UNROUTED_STATUSES = [400, 404, 405];
const CONSOLE_STATUSES = [200, 304];
const PROBLEM = {
  "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
};
const UNROUTED = { content: PROBLEM, headers: { "X-Request-Id": { required: true, schema: {} } } };

/** Makes a check of responses against `document`. It returns the faults, one sentence each. */
export function createResponseCheck(
  document: OpenApiDocument,
): (response: SentResponse) => readonly string[] {
  const findOperations = createOperationSearch(document);
  const faultsOf = createSchemaCheck(document);
  return (response) => {
    const { method, url, status } = response;
    const [path = ""] = url.split("?", 1);
    // Swagger UI: see test/http/docs.test.ts.
    if (path === "/docs" || path.startsWith("/docs/")) return [];
    // CORS and `Allow` belong to no operation.
    if (method === "OPTIONS" && status === 204) return bodyFaults(undefined, response, faultsOf);
    // Where HEAD is answered with 405, it does not stand for GET.
    const key = method === "HEAD" && status !== 405 ? "get" : method.toLowerCase();
    const operation = findOperations(path)[key] as Json | undefined;
    // The console: see test/http/console.
    if (operation === undefined && CONSOLE_STATUSES.includes(status) && !path.startsWith("/v1/")) {
      return [];
    }
    if (operation === undefined && !UNROUTED_STATUSES.includes(status)) {
      return ["the route is not described"];
    }
    const described = operation === undefined ? UNROUTED : operation["responses"][status];
    if (described === undefined) return ["the status is not described"];
    const { headers = {}, content } = follow(document, described as Json);
    return [
      ...headerFaults(document, headers as Json, response, faultsOf),
      ...bodyFaults(content as Json, response, faultsOf),
    ];
  };
}

function createOperationSearch({ paths }: OpenApiDocument): (path: string) => Json {
  const operations = Object.entries(paths).map(([template, methods]) => ({
    methods: methods as Json,
    pattern: new RegExp(`^${template.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`),
  }));
  return (path) => operations.find(({ pattern }) => pattern.test(path))?.methods ?? {};
}

/** Resolves a reference into the document. */
function follow(document: Json, part: Json): Json {
  const { $ref: reference } = part as { $ref?: string };
  if (reference === undefined) return part;
  return reference
    .slice("#/".length)
    .split("/")
    .reduce((parent: Json, key) => parent[key] as Json, document);
}

type SchemaCheck = (schema: Json, value: unknown, what: string) => readonly string[];

function createSchemaCheck(document: OpenApiDocument): SchemaCheck {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, "docket");
  const compiled = new Map<string, ValidateFunction>();
  return (schema, value, what) => {
    const text = JSON.stringify(schema).replaceAll('"#/', '"docket#/');
    const validate = compiled.get(text) ?? ajv.compile(JSON.parse(text) as Json);
    compiled.set(text, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${what}${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  };
}

function headerFaults(
  document: OpenApiDocument,
  described: Json,
  { headers: sent }: SentResponse,
  faultsOf: SchemaCheck,
): readonly string[] {
  return Object.keys(document.components["headers"] as Json).flatMap((name) => {
    const value = sent[name.toLowerCase()];
    if (described[name] === undefined) {
      return value === undefined ? [] : [`the header ${name} is not described`];
    }
    const { required, schema } = follow(document, described[name] as Json);
    if (value === undefined) return required ? [`the header ${name} is missing`] : [];
    return faultsOf(schema, schema.type === "integer" ? Number(value) : String(value), name);
  });
}

function bodyFaults(
  content: Json | undefined,
  { method, headers, body }: SentResponse,
  faultsOf: SchemaCheck,
): readonly string[] {
  if (content === undefined) return body === "" ? [] : ["a body is not described"];
  const [mediaType = ""] = String(headers["content-type"]).split(";", 1);
  const media = content[mediaType] as { schema: Json } | undefined;
  if (media === undefined) return [`the media type ${mediaType} is not described`];
  if (method === "HEAD") return body === "" ? [] : ["the response to HEAD has a body"];
  return faultsOf(media.schema, mediaType.endsWith("json") ? JSON.parse(body) : body, "body");
}
