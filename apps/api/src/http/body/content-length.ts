import type { IncomingHttpHeaders } from "node:http";

/** The length of a body in bytes. Undefined if the body is chunked, or if there is none. */
export function contentLengthOf(headers: IncomingHttpHeaders): number | undefined {
  const given = headers["content-length"];
  return given === undefined ? undefined : Number(given);
}
