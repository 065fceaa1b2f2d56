import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { DocketError } from "@docket/domain";
import type { Request, Response } from "express";
import { discardBody, lingerAfterResponse } from "./body/discard.ts";
import { problemHeaders, problemOf } from "./problem.ts";
import { pathOf, requestContext } from "./request-context.ts";
import { JsonBytes, type Reply } from "./reply.ts";
import { isMissingToken } from "./translate-error.ts";

/** Sends a handler's reply. */
export function sendReply(response: Response, reply: Reply): void {
  response.end(prepareReply(response, reply));
}

/**
 * Sends a reply whose body is a stream. An error of the stream closes the connection, so that an incomplete body does not look
 * complete.
 *
 * @throws the error of the stream; not if the client disconnects.
 */
export async function sendStream(
  response: Response,
  reply: Reply & { readonly stream: Readable },
): Promise<void> {
  prepareReply(response, reply);
  // Every layer that handles the response listens for its end, and the pipeline does more than once.
  response.setMaxListeners(20);
  try {
    await pipeline(reply.stream, response);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  }
}

/** Sets the status and the headers, and returns the body. */
function prepareReply(response: Response, reply: Reply): string | Buffer | undefined {
  response
    .status(reply.status)
    .set("Cache-Control", "no-store")
    .set(reply.headers ?? {});
  if (reply.body === undefined) return undefined;
  const body = reply.body instanceof JsonBytes ? reply.body.bytes : JSON.stringify(reply.body);
  if (!response.hasHeader("Content-Type"))
    response.setHeader("Content-Type", "application/json; charset=utf-8");
  response.setHeader("Content-Length", Buffer.byteLength(body));
  return response.req.method === "HEAD" ? undefined : body;
}

/** Sends an error as a problem (RFC 9457), and logs it when the server is at fault. */
export async function sendProblem(
  request: Request,
  response: Response,
  error: DocketError,
): Promise<void> {
  const context = requestContext(response);
  const problem = problemOf(error, { instance: pathOf(request), requestId: context.requestId });
  context.errorCode = error.code;
  if (problem.status >= 500) {
    const level = error.code === "internal_error" ? "error" : "warn";
    context.logger[level]({ err: error, code: error.code }, "request failed");
  }
  if (response.headersSent) {
    // The response has begun: closing the connection tells the client that it is incomplete.
    response.destroy();
    return;
  }
  if (problem.status === 401) {
    const challenge = isMissingToken(error) ? "Bearer" : 'Bearer error="invalid_token"';
    response.setHeader("WWW-Authenticate", challenge);
  }
  const reply = { status: problem.status, headers: problemHeaders(error), body: problem };
  if (await discardBody(request)) return sendReply(response, reply);
  response.setHeader("Connection", "close");
  response.write(prepareReply(response, reply) ?? "");
  await lingerAfterResponse(request);
  response.end();
}
