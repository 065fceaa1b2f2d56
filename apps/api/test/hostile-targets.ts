import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import {
  createLineFaults,
  csvRecordChecker,
  jsonRecordChecker,
  type LineFaults,
} from "@docket/domain";
import { createLogger } from "@docket/platform";
import type { Request, Response } from "express";
import type { ObjectSchema } from "joi";
import { attackSchema, tolerate } from "../../../packages/domain/test/hostile/attack-schema.ts";
import type { Targets } from "../../../packages/domain/test/hostile/victim.ts";
import { createAuthenticate } from "../src/http/auth/authenticate.ts";
import { principalOf } from "../src/http/auth/principal.ts";
import { readJson } from "../src/http/body/json.ts";
import { announcedSha256 } from "../src/http/content-digest.ts";
import { isKnown, requireMatch } from "../src/http/etag.ts";
import { keyHeadersSchema } from "../src/http/idempotency-key.ts";
import { createRequestContext } from "../src/http/request-context.ts";
import { toDocketError } from "../src/http/translate-error.ts";
import { newestFirst } from "../src/lists/newest-first.ts";
import { encodeCursor, isInstant } from "../src/lists/pagination.ts";
import { csvReader } from "../src/records/csv.ts";
import { isGzip, recordFormat } from "../src/records/media-type.ts";
import { ndjsonReader } from "../src/records/ndjson.ts";
import type { RecordReader } from "../src/records/reader.ts";
import { routes } from "../src/routes.ts";

/** The schemas of paths and queries. Those of bodies are the domain's. */
const SCHEMAS: ReadonlySet<ObjectSchema> = new Set(
  routes.flatMap(({ params, query }) => [params, query]).filter((each) => each !== undefined),
);

async function tolerateAsync(work: () => Promise<unknown>): Promise<void> {
  const error = await work().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  tolerate(() => {
    if (error !== undefined) throw error;
  });
}

/** The whole life of a request with `text` as its ID and in its path. */
function traceRequest(text: string): void {
  const listeners: (() => void)[] = [];
  const request = { method: "GET", originalUrl: `/${text}`, get: () => text };
  const response = {
    setHeader: () => undefined,
    once: (_event: string, listener: () => void) => listeners.push(listener),
  };
  const trace = createRequestContext(createLogger("test", "silent"), () => undefined);
  trace(request as unknown as Request, response as unknown as Response, () => undefined);
  for (const listener of listeners) listener();
}

const authenticate = createAuthenticate({ keys: { secret: "0".repeat(32) } });

async function presentToken(authorization: string): Promise<void> {
  const request = { method: "GET", headers: { authorization } };
  await authenticate(request as Request, {} as ServerResponse as Response).catch(
    (error: unknown) => {
      throw toDocketError(error);
    },
  );
}

async function sendJson(body: string, contentType = "application/json"): Promise<void> {
  const headers = { "content-type": contentType, "transfer-encoding": "chunked" };
  await readJson({ headers } as IncomingMessage, Readable.from([Buffer.from(body)]));
}

async function readRecords(
  createReader: (faults: LineFaults) => RecordReader,
  body: string,
): Promise<void> {
  const faults = createLineFaults();
  const reader = createReader(faults);
  await reader.push(Buffer.from(body));
  await reader.end();
  tolerate(faults.throwIfAny);
}

const ndjson = (faults: LineFaults): RecordReader =>
  ndjsonReader(
    jsonRecordChecker("transactions", () => "id"),
    faults,
  );
const csv = (faults: LineFaults): RecordReader =>
  csvReader(
    "transactions",
    csvRecordChecker("transactions", () => "id"),
    faults,
  );

const ID = "0192f0c1-0000-7000-8000-000000000000";

export const targets: Targets = {
  "the paths and queries of all routes": (text) => {
    for (const schema of SCHEMAS) attackSchema(schema, text);
  },
  "If-Match and If-None-Match": (text) => {
    isKnown(text, '"3"');
    tolerate(() => requireMatch(text, 3));
  },
  "Content-Digest": announcedSha256,
  "the request ID": traceRequest,
  "Idempotency-Key": (text) => attackSchema(keyHeadersSchema, text),
  "the media type and the encoding of records": (text) => {
    tolerate(() => recordFormat(text));
    tolerate(() => isGzip(text));
  },
  "a cursor": (text) => {
    isInstant(text);
    tolerate(() => newestFirst({ limit: 1, cursor: text }, {}));
    const forged = encodeCursor({}, { value: text, id: ID });
    tolerate(() => newestFirst({ limit: 1, cursor: forged }, {}));
  },
  "a bearer token": async (text) => {
    await tolerateAsync(() => presentToken(text));
    await tolerateAsync(() => presentToken(`Bearer ${text}`));
    await tolerateAsync(() => presentToken(`Bearer eyJhbGciOiJIUzI1NiJ9.${text}.${text}`));
  },
  "the claims of a token": (text) =>
    principalOf({ exp: 1, sub: text, tenant_id: text, scope: text, permissions: [text] }),
  "a JSON body": async (text) => {
    await tolerateAsync(() => sendJson(text));
    await tolerateAsync(() => sendJson(JSON.stringify({ [text]: text })));
    await tolerateAsync(() => sendJson(`${"[".repeat(50_000)}${"]".repeat(50_000)}`));
    await tolerateAsync(() => sendJson("{}", text));
    await tolerateAsync(() => sendJson("{}", `application/json;${text}`));
  },
  "NDJSON records": async (text) => {
    await readRecords(ndjson, text);
    await readRecords(ndjson, `{${" ".repeat(60_000)}"source":"a","externalId":"1:2"}`);
    await readRecords(ndjson, JSON.stringify({ source: "a", externalId: "b", amount: text }));
  },
  "CSV records": async (text) => {
    await readRecords(csv, text);
    await readRecords(csv, `source,externalId,amount\na,b,${text}\n`);
    await readRecords(csv, `source,externalId\na,"${text}"\n`);
  },
};
