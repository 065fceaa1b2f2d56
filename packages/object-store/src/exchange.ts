import type { IncomingMessage, ServerResponse } from "node:http";

import type { Buckets } from "./disk/buckets.ts";
import { S3Error } from "./s3-error.ts";
import type { Payload } from "./signing/authenticate.ts";
import type { Target } from "./target.ts";

/** An authenticated request and its response. */
export type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: Target;
  readonly payload: Payload;
  readonly buckets: Buckets;
};

export type Handler = (exchange: Exchange) => Promise<void>;

export function sendXml(response: ServerResponse, xml: string, status = 200): void {
  response.writeHead(status, {
    "content-type": "application/xml",
    "content-length": Buffer.byteLength(xml),
  });
  response.end(xml);
}

export function sendEmpty(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string | number>> = {},
): void {
  response.writeHead(status, { ...(status === 204 ? {} : { "content-length": 0 }), ...headers });
  response.end();
}

export const quote = (etag: string): string => `"${etag}"`;

export const unquote = (etag: string): string => etag.trim().replace(/^"(.*)"$/, "$1");

/** Parses an integer of a query. @throws S3Error InvalidArgument when it is out of bounds */
export function parseInteger(
  text: string | undefined,
  fallback: number,
  min: number,
  max: number,
): number {
  if (text === undefined) return fallback;
  if (!/^\d{1,10}$/.test(text) || Number(text) < min || Number(text) > max) {
    throw new S3Error("InvalidArgument");
  }
  return Number(text);
}
