import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

import { tryEach } from "@docket/testing/hostile-targets";
import type { Targets } from "@docket/testing/hostile-texts";
import { decodeAwsChunked } from "../src/body/aws-chunked.ts";
import { createChecksums } from "../src/body/checksums.ts";
import { parseInteger, unquote, type Exchange } from "../src/exchange.ts";
import { parseRange } from "../src/operations/byte-range.ts";
import { includesEtag, objectHeaders } from "../src/operations/object-headers.ts";
import { route } from "../src/router.ts";
import { authenticate } from "../src/signing/authenticate.ts";
import { parseTarget } from "../src/target.ts";
import { escapeXml, parseXml } from "../src/xml.ts";

const CREDENTIALS = { accessKeyId: "KEY", secretAccessKey: "secret", region: "us-east-1" };
const SCOPE = "KEY/20260115/us-east-1/s3/aws4_request";
const SIGNATURE = "0".repeat(64);
const DATE = "20260115T103000Z";
const NOW = Date.parse("2026-01-15T10:30:00Z");

/** A request with `text` in each header that the store reads, unless `headers` gives it. */
function requestWith(text: string, headers: IncomingHttpHeaders = {}): IncomingMessage {
  const all: IncomingHttpHeaders = {
    host: text,
    "content-encoding": text,
    "x-amz-date": DATE,
    "x-amz-content-sha256": "UNSIGNED-PAYLOAD",
    "x-amz-trailer": text,
    "x-amz-meta-a": text,
    ...headers,
  };
  const headersDistinct = Object.fromEntries(
    Object.entries(all).map(([name, value]) => [name, [String(value)]]),
  );
  return { method: "GET", headers: all, headersDistinct } as unknown as IncomingMessage;
}

function authenticateWith(text: string, headers: IncomingHttpHeaders, query = ""): void {
  const target = parseTarget(`/bucket/key${query}`);
  authenticate(requestWith(text, headers), target, CREDENTIALS, NOW);
}

export const targets: Targets = {
  "the signature": (text) => {
    const signed = `host;x-amz-content-sha256;x-amz-date;x-amz-meta-a;x-amz-trailer`;
    const header = (credential: string, names: string, signature: string): string =>
      `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
    const encoded = encodeURIComponent(text.toWellFormed());
    const query = `?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=${DATE}&X-Amz-Expires=60&X-Amz-Signature=${SIGNATURE}`;
    const byHeader =
      (authorization: string, more: IncomingHttpHeaders = {}) =>
      (): void =>
        authenticateWith(text, { authorization, ...more });
    return tryEach(
      byHeader(text),
      byHeader(header(text, signed, SIGNATURE)),
      byHeader(header(SCOPE, signed, text)),
      byHeader(header(SCOPE, signed, SIGNATURE)),
      byHeader(header(SCOPE, `${signed};${text}`, SIGNATURE)),
      byHeader(header(SCOPE, `${signed}${";a".repeat(4_000)}`, SIGNATURE), { a: text }),
      byHeader(header(SCOPE, signed, SIGNATURE), { "x-amz-date": text }),
      byHeader(header(SCOPE, signed, SIGNATURE), { "x-amz-content-sha256": text }),
      () => authenticateWith(text, {}, `${query}&X-Amz-Credential=${encoded}`),
      () => authenticateWith(text, {}, `?X-Amz-Signature=${encoded}`),
    );
  },
  "the target and the route": (text) =>
    tryEach(
      () => parseTarget(text),
      () => parseTarget(`/${text}`),
      () => parseTarget(`/bucket/key?${text}`),
      () => route({ request: requestWith(text), target: parseTarget(`/bucket?${text}`) }),
    ),
  "conditions and ranges": (text) =>
    tryEach(
      () => includesEtag(text, "etag"),
      () => unquote(text),
      () => parseRange(text, 100),
      () => parseRange(`bytes=${text}`, 100),
      () => parseInteger(text, 0, 0, 1),
    ),
  "headers of an object": (text) =>
    tryEach(
      () => objectHeaders({ request: requestWith(text) } as Exchange),
      () => createChecksums({ "x-amz-trailer": text }),
    ),
  XML: (text) =>
    tryEach(
      () => parseXml(text),
      () => parseXml(`<${text}`),
      () => parseXml(`<a ${text}`),
      () => parseXml(`<a b=${text}`),
      () => parseXml(`<?xml ${text}`),
      () => parseXml(`<a>${text}</a>`),
      () => parseXml(`<a>&${text};</a>`),
      () => escapeXml(text),
    ),
  "aws-chunked framing": (text) =>
    tryEach(
      () => decode(text),
      () => decode(`1\r\na\r\n0\r\n${text}`),
      () => decode(`1;chunk-signature=${text}`),
    ),
};

async function decode(framed: string): Promise<void> {
  for await (const _data of decodeAwsChunked(bytesOf(framed), new Map()));
}

async function* bytesOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}
