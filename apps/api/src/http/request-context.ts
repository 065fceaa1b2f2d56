import { randomUUID } from "node:crypto";
import type { Logger } from "@docket/platform";
import type { Request, RequestHandler, Response } from "express";
import type { ApiMetrics } from "../metrics.ts";
import type { Principal } from "./principal.ts";

/** What is known about a request wherever it goes. */
export type RequestContext = {
  readonly requestId: string;
  /** Every line that it writes carries the request's id. */
  readonly logger: Logger;
  /** The path's pattern, once it is known. */
  route?: string;
  /** Known once the token was checked. */
  principal?: Principal;
  /** The code of the error that was answered. */
  errorCode?: string;
};

/** 1 to 128 visible ASCII characters (contract §1). */
const ACCEPTABLE = /^[\x21-\x7e]{1,128}$/;

const contexts = new WeakMap<Response, RequestContext>();

/** The context of the request that `response` answers. */
export function requestContext(response: Response): RequestContext {
  const context = contexts.get(response);
  if (context === undefined)
    throw new Error("createRequestContext() comes before every other handler");
  return context;
}

/** Gives each request its id and its logger; when it is over, writes one line about it and has it counted. */
export function createRequestContext(
  logger: Logger,
  count: ApiMetrics["answered"],
): RequestHandler {
  return (request, response, next) => {
    const given = request.get("X-Request-Id") ?? "";
    const requestId = ACCEPTABLE.test(given) ? given : randomUUID();
    const context: RequestContext = { requestId, logger: logger.child({ requestId }) };
    contexts.set(response, context);
    response.setHeader("X-Request-Id", requestId);
    const startedAt = performance.now();
    // "close" and not "finish": a caller who hung up is worth a line too.
    response.once("close", () => {
      const milliseconds = performance.now() - startedAt;
      logAccess(context, request, response, milliseconds);
      const { method } = request;
      const route = context.route ?? "none";
      count({ method, route, status: statusOf(response) }, milliseconds / 1_000);
    });
    next();
  };
}

/** 499, as proxies say it, when the caller hung up before there was an answer. */
const statusOf = (response: Response): number => (response.headersSent ? response.statusCode : 499);

/** No path of ours is longer: what a line of log holds of a caller's. */
const MOST_OF_A_PATH = 1_024;

/** Health checks come every few seconds and say nothing. */
const QUIET = new Set(["/healthz", "/readyz"]);

function logAccess(
  context: RequestContext,
  request: Request,
  response: Response,
  milliseconds: number,
): void {
  const path = pathOf(request);
  context.logger[QUIET.has(path) ? "debug" : "info"](
    {
      method: request.method,
      // Without the query: it may hold what callers would not like to see in a log.
      path: path.slice(0, MOST_OF_A_PATH),
      status: statusOf(response),
      durationMs: Math.round(milliseconds),
      ...(context.principal !== undefined && {
        tenantId: context.principal.tenantId,
        actor: context.principal.subject,
      }),
      ...(context.errorCode !== undefined && { code: context.errorCode }),
      ...(!response.writableFinished && { aborted: true }),
    },
    "request",
  );
}

/** The path as it was asked for, without the query. */
export const pathOf = (request: Request): string => request.originalUrl.split("?", 1)[0] ?? "";
