import type { IncomingMessage, ServerResponse } from "node:http";
import type { Payload } from "./authenticate.ts";
import type { Buckets } from "./buckets.ts";
import { S3Error } from "./s3-error.ts";
import type { Target } from "./target.ts";

/** One authenticated request, and where its answer goes. */
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

export const quoted = (etag: string): string => `"${etag}"`;

export const unquoted = (etag: string): string => etag.trim().replace(/^"(.*)"$/, "$1");

/** Whole number from a query, within bounds. @throws S3Error InvalidArgument */
export function integer(
  text: string | undefined,
  fallback: number,
  min: number,
  max: number,
): number {
  if (text === undefined) return fallback;
  if (!/^\d{1,10}$/.test(text) || Number(text) < min || Number(text) > max)
    throw new S3Error("InvalidArgument");
  return Number(text);
}
