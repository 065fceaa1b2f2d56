import { randomUUID } from "node:crypto";
import type { Logger } from "@docket/platform";
import type { Request, RequestHandler, Response } from "express";
import type { ApiMetrics } from "../metrics.ts";
import type { Principal } from "./auth/principal.ts";

/** What is known about a request in every middleware. */
export type RequestContext = {
  readonly requestId: string;
  /** Every line it writes has the request's ID. */
  readonly logger: Logger;
  /** The pattern of the path, once a route has matched. */
  route?: string;
  /** Set once the token is verified. */
  principal?: Principal;
  /** The code of the problem that was sent. */
  errorCode?: string;
};

/** 1 to 128 visible ASCII characters (docs/api.md §1, "Request ID"). */
const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;

const contexts = new WeakMap<Response, RequestContext>();

/** The context of the request behind `response`. */
export function requestContext(response: Response): RequestContext {
  const context = contexts.get(response);
  if (context === undefined)
    throw new Error("createRequestContext() must be mounted before every other handler");
  return context;
}

/** Gives each request an ID and a logger. At its end, logs one line and reports it to `observe`. */
export function createRequestContext(
  logger: Logger,
  observe: ApiMetrics["requestFinished"],
): RequestHandler {
  return (request, response, next) => {
    const given = request.get("X-Request-Id") ?? "";
    const requestId = REQUEST_ID.test(given) ? given : randomUUID();
    const context: RequestContext = { requestId, logger: logger.child({ requestId }) };
    contexts.set(response, context);
    response.setHeader("X-Request-Id", requestId);
    const startedAt = performance.now();
    // Not "finish": a request whose client has disconnected is logged too.
    response.once("close", () => {
      const milliseconds = performance.now() - startedAt;
      logAccess(context, request, response, milliseconds);
      const { method } = request;
      const route = context.route ?? "none";
      observe({ method, route, status: statusOf(response) }, milliseconds / 1_000);
    });
    next();
  };
}

/** 499, as in nginx, when the client disconnected before the response. */
const statusOf = (response: Response): number => (response.headersSent ? response.statusCode : 499);

/** Longer than every path of the API. */
const MAX_LOGGED_PATH_LENGTH = 1_024;

/** Health checks come every few seconds. */
const DEBUG_PATHS = new Set(["/healthz", "/readyz"]);

function logAccess(
  context: RequestContext,
  request: Request,
  response: Response,
  milliseconds: number,
): void {
  const path = pathOf(request);
  context.logger[DEBUG_PATHS.has(path) ? "debug" : "info"](
    {
      method: request.method,
      // Without the query, which may contain personal data.
      path: path.slice(0, MAX_LOGGED_PATH_LENGTH),
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

/** The requested path, without the query. */
export const pathOf = (request: Request): string => request.originalUrl.split("?", 1)[0] ?? "";
