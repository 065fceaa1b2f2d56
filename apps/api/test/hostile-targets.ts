import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import {
  createLineFaults,
  csvRecordChecker,
  jsonRecordChecker,
  validate,
  type LineFaults,
} from "@docket/domain";
import { createLogger } from "@docket/platform";
import { createOutboundPolicy } from "@docket/platform/outbound";
import { attackSchema, tryEach } from "@docket/testing/hostile-targets";
import type { Targets } from "@docket/testing/hostile-texts";
import type { Request, Response } from "express";
import type { ObjectSchema } from "joi";
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
import { requireTarget } from "../src/webhooks/service.ts";

/** The schemas of paths and queries. Those of bodies are the domain's. */
const SCHEMAS: ReadonlySet<ObjectSchema> = new Set(
  routes.flatMap(({ params, query }) => [params, query]).filter((each) => each !== undefined),
);

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
  const request = Object.assign(Readable.from([Buffer.from(body)]), { headers });
  await readJson(request as unknown as IncomingMessage);
}

async function readRecords(
  createReader: (faults: LineFaults) => RecordReader,
  body: string,
): Promise<void> {
  const faults = createLineFaults();
  const reader = createReader(faults);
  await reader.push(Buffer.from(body));
  await reader.end();
  await tryEach(faults.throwIfAny);
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

const POLICIES = [[], ["10.0.0.0/8"]].map(createOutboundPolicy);

const ID = "0192f0c1-0000-7000-8000-000000000000";

export const targets: Targets = {
  "the paths and queries of all routes": async (text) => {
    for (const schema of SCHEMAS) await attackSchema(schema, text, validate);
  },
  "If-Match and If-None-Match": (text) =>
    tryEach(
      () => isKnown(text, '"3"'),
      () => requireMatch(text, 3),
    ),
  "Content-Digest": announcedSha256,
  "the request ID": traceRequest,
  "Idempotency-Key": (text) => attackSchema(keyHeadersSchema, text, validate),
  "the media type and the encoding of records": (text) =>
    tryEach(
      () => recordFormat(text),
      () => isGzip(text),
    ),
  "a cursor": (text) =>
    tryEach(
      () => isInstant(text),
      () => newestFirst({ limit: 1, cursor: text }, {}),
      () => newestFirst({ limit: 1, cursor: encodeCursor({}, { value: text, id: ID }) }, {}),
    ),
  "a bearer token": (text) =>
    tryEach(
      () => presentToken(text),
      () => presentToken(`Bearer ${text}`),
      () => presentToken(`Bearer eyJhbGciOiJIUzI1NiJ9.${text}.${text}`),
    ),
  "the claims of a token": (text) =>
    principalOf({ exp: 1, sub: text, tenant_id: text, scope: text, permissions: [text] }),
  "the URL of a webhook endpoint": async (text) => {
    // A name is short, and so are the texts of which one takes long.
    const short = `${text.slice(0, 200)}${text.slice(-20)}`;
    for (const policy of POLICIES)
      await tryEach(
        () => requireTarget(policy, text),
        () => requireTarget(policy, short),
        () => requireTarget(policy, `https://${short}`),
        () => requireTarget(policy, `https://[${short}]/`),
      );
  },
  "a JSON body": (text) =>
    tryEach(
      () => sendJson(text),
      () => sendJson(JSON.stringify({ [text]: text })),
      () => sendJson(`${"[".repeat(50_000)}${"]".repeat(50_000)}`),
      () => sendJson("{}", text),
      () => sendJson("{}", `application/json;${text}`),
    ),
  "NDJSON records": (text) =>
    tryEach(
      () => readRecords(ndjson, text),
      () => readRecords(ndjson, `{${" ".repeat(60_000)}"source":"a","externalId":"1:2"}`),
      () => readRecords(ndjson, JSON.stringify({ source: "a", externalId: "b", amount: text })),
    ),
  "CSV records": (text) =>
    tryEach(
      () => readRecords(csv, text),
      () => readRecords(csv, `source,externalId,amount\na,b,${text}\n`),
      () => readRecords(csv, `source,externalId\na,"${text}"\n`),
    ),
};
