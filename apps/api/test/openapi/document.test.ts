import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ERROR_CODES } from "@docket/domain";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import request from "supertest";
import { PROBLEMS } from "../../src/http/problem.ts";
import { codesOf } from "../../src/openapi/problems.ts";
import { document as apiDocument, routes } from "../../src/routes.ts";
import { createBareApp } from "../support/bare-app.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- a document of any shape
type Json = Record<string, any>;

const document = JSON.parse(JSON.stringify(apiDocument)) as Json;

type Operation = { method: string; path: string; operation: Json };

const operations: Operation[] = Object.entries(document["paths"] as Json).flatMap(
  ([path, methods]) =>
    Object.entries(methods as Json).map(([method, operation]) => ({
      method,
      path,
      operation: operation as Json,
    })),
);

/** Every object of the document, with its key. */
function* walk(value: unknown, key = ""): Generator<{ key: string; part: Json }> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield { key, part: value };
  for (const [name, each] of Object.entries(value)) yield* walk(each, name);
}

const parts = [...walk(document)];

const follow = (reference: string): unknown =>
  reference
    .slice("#/".length)
    .split("/")
    .reduce<unknown>((within, key) => (within as Json | undefined)?.[key], document);

const parametersOf = ({ operation }: Operation, place: string): Json[] =>
  ((operation["parameters"] ?? []) as Json[]).filter((each) => each["in"] === place);

describe("the document", () => {
  it("is an OpenAPI 3.1 document", () => {
    // The OpenAPI Initiative's own schema, as published under its `$id`.
    const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { "media-range": true } });
    addFormats.default(ajv);
    const published = readFileSync(join(__dirname, "openapi-3.1.schema.json"), "utf8");
    // Ajv resolves this dynamic reference wrongly. The schemas have a test of their own below.
    const schema = published.replaceAll('"$dynamicRef": "#meta"', '"$ref": "#/$defs/schema"');
    expect(schema).not.toBe(published);
    ajv.validate(JSON.parse(schema) as Json, document);
    expect(ajv.errors ?? []).toEqual([]);
  });

  it("describes every route once, with a unique operation ID", () => {
    const described = operations.map(({ method, path }) => `${method} ${path}`);
    const declared = routes.map(
      ({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, "{$1}")}`,
    );
    expect(described.toSorted()).toEqual(declared.toSorted());
    const names = operations.map(({ operation }) => operation["operationId"] as string);
    expect(new Set(names).size).toBe(names.length);
  });

  it("has no dangling references", () => {
    const references = parts.flatMap(({ part }) =>
      typeof part["$ref"] === "string" ? [part["$ref"]] : [],
    );
    expect(references.length).toBeGreaterThan(100);
    expect(references.filter((each) => follow(each) === undefined)).toEqual([]);
  });

  it("has schemas that a strict validator accepts", () => {
    const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
    addFormats.default(ajv);
    const absolute = (schema: unknown): Json =>
      JSON.parse(
        JSON.stringify(schema).replaceAll("#/components/schemas/", "docket#/$defs/"),
      ) as Json;
    const { schemas: components } = document["components"] as { schemas: Json };
    ajv.addSchema({ $id: "docket", $defs: absolute(components) });
    const used = parts.flatMap(({ part }) => ("schema" in part ? [part["schema"]] : []));
    expect(used.length).toBeGreaterThan(100);
    for (const schema of [...used, ...Object.values(components)]) ajv.compile(absolute(schema));
  });

  it("declares exactly the parameters of each path", () => {
    for (const each of operations) {
      const inPath = [...each.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = parametersOf(each, "path");
      expect(declared.map(({ name }) => name as string)).toEqual(inPath);
      expect(declared.every(({ required }) => required === true)).toBe(true);
    }
  });

  it("lists the fields of every object", () => {
    const open = parts.filter(
      ({ part }) => part["type"] === "object" && part["additionalProperties"] !== false,
    );
    // The schema of the document itself.
    expect(open.map(({ part }) => part["required"])).toEqual([["openapi", "info", "paths"]]);
  });

  it("constrains every parameter and field of a request", () => {
    const bare = operations.flatMap((each) =>
      [...parametersOf(each, "query"), ...parametersOf(each, "path")]
        .filter(({ schema }) => Object.keys(schema as Json).every((key) => key === "minLength"))
        .map(({ name }) => `${each.path} ${name as string}`),
    );
    expect(bare).toEqual([]);
    const { properties } = document["components"].schemas.CreateExportJobRequest as Json;
    expect(properties).toMatchObject({
      reportType: { enum: expect.arrayContaining(["MATCHED", "MATCHES", "EXCEPTIONS"]) },
      format: { enum: ["CSV", "JSON", "XML", "NDJSON", "XLSX"] },
      compression: { enum: ["GZIP"] },
      columns: { items: { maxLength: 100 }, minItems: 1, maxItems: 100, uniqueItems: true },
      dateFrom: { format: "date" },
      sourceId: { format: "uuid" },
    });
  });

  it("names the permission of every route", () => {
    for (const { permission, operationId } of routes) {
      const found = operations.find(({ operation }) => operation["operationId"] === operationId);
      const wanted = permission === "public" ? [] : [{ bearer: [permission] }];
      expect(found?.operation["security"]).toEqual(wanted);
    }
  });

  it("describes every error code", () => {
    const described = new Set(routes.flatMap((route) => codesOf(route)));
    // Not an error of a route: the path has no such method.
    const missing = ERROR_CODES.filter((code) => !described.has(code));
    expect(missing).toEqual(["method_not_allowed"]);
    expect(PROBLEMS.method_not_allowed.status).toBe(405);
  });

  it("has the version of the package", () => {
    const file = join(__dirname, "../../package.json");
    const { version } = JSON.parse(readFileSync(file, "utf8")) as { version: string };
    expect(document["info"].version).toBe(version);
  });
});

describe("GET /openapi.json", () => {
  const app = createBareApp();

  it("returns the document without a token", async () => {
    const answer = await request(app).get("/openapi.json").expect(200);
    expect(answer.body).toEqual(document);
    expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
  });

  it("answers 304 to a client that has the current document", async () => {
    const { headers } = await request(app).get("/openapi.json").expect(200);
    expect(headers["cache-control"]).toBe("public, no-cache");
    const again = request(app).get("/openapi.json").set("If-None-Match", headers["etag"]!);
    await again.expect(304);
  });
});
