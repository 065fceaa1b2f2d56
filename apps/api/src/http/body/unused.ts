import type { RequestHandler } from "express";
import { discardBody } from "./discard.ts";
import { hasBody } from "./has-body.ts";

/** Methods whose bodies no handler reads. */
const WITHOUT_BODY = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Discards a body that nothing reads. Node would answer the request and then wait for the rest of the body without a limit: if the
 * body does not end within 1 MiB and 2 s, the connection closes with the response.
 */
export const discardUnusedBodies: RequestHandler = async (request, response, next) => {
  if (WITHOUT_BODY.has(request.method) && hasBody(request) && !(await discardBody(request)))
    response.setHeader("Connection", "close");
  next();
};
