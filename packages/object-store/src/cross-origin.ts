import type { IncomingMessage, ServerResponse } from "node:http";

import { S3Error } from "./s3-error.ts";

/** The store listens on loopback only, and so do the pages that use it. */
const ORIGIN = /^https?:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/;

const METHODS = ["GET", "HEAD"];

/** Response headers that scripts may read, beside those that they always may. */
const EXPOSED = "ETag, Content-Range, Content-Disposition, Accept-Ranges, x-amz-request-id";

/** Request headers of a download that is resumed or conditional. */
const ALLOWED = "Range, If-Match, If-None-Match";

/**
 * Lets the scripts of pages on this machine read the response, as the CORS rule of a bucket does. The signature of the request
 * still decides about it. True if the request was a preflight, which is then answered.
 *
 * @throws S3Error AccessDenied for a preflight of another origin or method
 */
export function allowCrossOrigin(request: IncomingMessage, response: ServerResponse): boolean {
  const { origin, "access-control-request-method": method } = request.headers;
  const isPreflight = request.method === "OPTIONS" && method !== undefined;
  response.setHeader("vary", "Origin");
  if (origin !== undefined && ORIGIN.test(origin)) {
    response.setHeader("access-control-allow-origin", origin);
    response.setHeader("access-control-expose-headers", EXPOSED);
    if (isPreflight && METHODS.includes(method)) {
      sendPreflight(response);
      return true;
    }
  }
  if (isPreflight) throw new S3Error("AccessDenied", "No CORS rule allows this request.");
  return false;
}

function sendPreflight(response: ServerResponse): void {
  response.writeHead(204, {
    "access-control-allow-methods": METHODS.join(", "),
    "access-control-allow-headers": ALLOWED,
    "access-control-max-age": "600",
  });
  response.end();
}
