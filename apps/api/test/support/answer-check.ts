import type { OutgoingHttpHeaders } from "node:http";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { OpenApiDocument } from "../../src/openapi/document.ts";

export type SentAnswer = {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string;
};

type Json = Readonly<Record<string, any>>; // oxlint-disable-line typescript/no-explicit-any -- a document of any shape

/** What a path that is not in the document, or a method that its path has not, is answered with. */
const ELSEWHERE = [400, 404, 405];
const PROBLEM = {
  "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
};
const NOWHERE = { content: PROBLEM, headers: { "X-Request-Id": { required: true, schema: {} } } };

/** Makes a check of answers against `document`; it returns what is wrong, a sentence each. */
export function createAnswerCheck(
  document: OpenApiDocument,
): (answer: SentAnswer) => readonly string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, "docket");
  const operations = Object.entries(document.paths).map(([template, methods]) => ({
    methods: methods as Json,
    pattern: new RegExp(`^${template.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`),
  }));
  const headers = document.components["headers"] as Json;

  const follow = (part: Json): Json => {
    const { $ref: to } = part as { $ref?: string };
    if (to === undefined) return part;
    return to
      .slice("#/".length)
      .split("/")
      .reduce((within: Json, key) => within[key] as Json, document as Json);
  };

  const compiled = new Map<string, ValidateFunction>();
  const validatorOf = (schema: Json): ValidateFunction => {
    // Its references are into the document.
    const text = JSON.stringify(schema).replaceAll('"#/', '"docket#/');
    const known = compiled.get(text) ?? ajv.compile(JSON.parse(text) as Json);
    compiled.set(text, known);
    return known;
  };

  const faultsOf = (schema: Json, value: unknown, what: string): readonly string[] => {
    const validate = validatorOf(schema);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${what}${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  };

  const headerFaults = (declared: Json, sent: OutgoingHttpHeaders): readonly string[] =>
    Object.keys(headers).flatMap((name) => {
      const value = sent[name.toLowerCase()];
      const header = declared[name] === undefined ? undefined : follow(declared[name] as Json);
      if (header === undefined) {
        return value === undefined ? [] : [`the header ${name} is not declared`];
      }
      if (value === undefined) return header["required"] ? [`the header ${name} is missing`] : [];
      const { schema } = header as { schema: Json };
      return faultsOf(schema, schema["type"] === "integer" ? Number(value) : String(value), name);
    });

  const bodyFaults = (content: Json | undefined, { method, headers: sent, body }: SentAnswer) => {
    if (content === undefined) return body === "" ? [] : ["a body is not declared"];
    const [mediaType = ""] = String(sent["content-type"]).split(";", 1);
    const media = content[mediaType] as { schema: Json } | undefined;
    if (media === undefined) return [`the media type ${mediaType} is not declared`];
    if (method === "HEAD") return body === "" ? [] : ["HEAD has a body"];
    return faultsOf(media.schema, JSON.parse(body), "body");
  };

  return (answer) => {
    const { method, url, status } = answer;
    const [path = ""] = url.split("?", 1);
    // Pages for people, and what they load; test/http/docs.test.ts looks at them.
    if (path === "/docs" || path.startsWith("/docs/")) return [];
    // CORS and `Allow`: of no operation.
    if (method === "OPTIONS" && status === 204) return bodyFaults(undefined, answer);
    const methods = operations.find(({ pattern }) => pattern.test(path))?.methods ?? {};
    // A HEAD that is refused is one that its path has not.
    const asked = method === "HEAD" && status !== 405 ? "get" : method.toLowerCase();
    const operation = methods[asked] as Json | undefined;
    if (operation === undefined && !ELSEWHERE.includes(status)) return ["there is no such route"];
    const response = operation === undefined ? NOWHERE : operation["responses"][status];
    if (response === undefined) return ["the status is not declared"];
    const { headers: declared = {}, content } = follow(response as Json);
    return [
      ...headerFaults(declared as Json, answer.headers),
      ...bodyFaults(content as Json, answer),
    ];
  };
}
