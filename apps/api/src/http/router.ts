import { DocketError } from "@docket/domain";
import { withTenant } from "@docket/platform/database";
import { Router, type ErrorRequestHandler, type Request, type RequestHandler } from "express";
import type { ApiContext } from "../context.ts";
import { readJson } from "./body.ts";
import { takeFingerprint } from "./fingerprint.ts";
import { idempotently, keepNothing, keyOf, type KeyHeaders } from "./idempotency.ts";
import { limitIdleness } from "./idle-limit.ts";
import { authorise, type Principal } from "./principal.ts";
import { pathOf, requestContext } from "./request-context.ts";
import type { Keep, Route } from "./route.ts";
import { sendProblem, sendReply } from "./send.ts";
import { outOfReach, toDocketError } from "./translate-error.ts";
import { createRequestCheck } from "./validate-request.ts";

/** Nobody; what public routes get. */
const NOBODY: Principal = { subject: "", tenantId: "", permissions: new Set() };

/** Mounts `routes`: every known path refuses the methods that it does not have, every other path is a 404. */
export function createRouter(context: ApiContext, routes: readonly Route[]): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const [path, those] of byPath(routes)) {
    const mounted = router.route(path);
    for (const route of those) {
      // Express would take HEAD for GET.
      if (route.isTraced === true) mounted.head(refuseMethod(those));
      mounted[METHODS[route.method]](handlerOf(context, route));
    }
    mounted.all(refuseMethod(those));
  }
  router.use((_request, _response, next) =>
    next(new DocketError("not_found", "There is nothing at this path.")),
  );
  router.use(answerError);
  return router;
}

const METHODS = { GET: "get", POST: "post", PATCH: "patch", PUT: "put", DELETE: "delete" } as const;

function byPath(routes: readonly Route[]): ReadonlyMap<string, readonly Route[]> {
  const paths = new Map<string, Route[]>();
  for (const route of routes) paths.set(route.path, [...(paths.get(route.path) ?? []), route]);
  return paths;
}

/** Token, permission, body, validation, and then the handler, as the tenant of the token. */
function handlerOf(context: ApiContext, route: Route): RequestHandler {
  const check = createRequestCheck(route);
  return async (request, response) => {
    const { requestId, logger } = requestContext(response);
    requestContext(response).route = route.path;
    let principal = NOBODY;
    if (route.permission !== "public") {
      principal = await context.authenticate(request, response);
      requestContext(response).principal = principal;
      await context.rateLimits(route, request, response);
      authorise(principal, route.permission);
    }
    const streams = route.body === "stream";
    if (streams) limitIdleness(request);
    const keyed = keyHeadersOf(request);
    // Before anybody reads the body: it is hashed as it is read.
    const fingerprint = keyed && takeFingerprint(request, request.originalUrl);
    const body = streams || route.method === "GET" ? undefined : await readJson(request);
    const { headers = {}, ...parts } = check({
      params: request.params,
      query: request.query,
      body,
      ...(keyed !== undefined && { headers: keyed }),
    });
    const path = pathOf(request);
    const key = keyOf(headers);
    const told = { ...parts, principal, requestId, logger, path, raw: request };
    const answer = (keep: Keep) =>
      route.handler(context, { ...told, keep, keyed: key !== undefined });
    const handle = () => {
      if (key === undefined || fingerprint === undefined) return answer(keepNothing);
      const scope = { principal: principal.subject, method: request.method, path, key };
      return idempotently({ prisma: context.database.prisma, logger, fingerprint }, scope, answer);
    };
    if (route.permission === "public") {
      sendReply(response, await answer(keepNothing));
      return;
    }
    // Until the database's role is known to be bound by row-level security, nobody's rows are read.
    if (!context.role.isBound()) throw outOfReach("database");
    sendReply(response, await withTenant(principal.tenantId, handle));
  };
}

/** Undefined when the request brings no idempotency key, or is none that takes one. */
function keyHeadersOf({ method, headers }: Request): KeyHeaders | undefined {
  const { "idempotency-key": key, "x-idempotency-key": other } = headers;
  if (method !== "POST" || (key === undefined && other === undefined)) return undefined;
  return {
    ...(key !== undefined && { "Idempotency-Key": key }),
    ...(other !== undefined && { "X-Idempotency-Key": other }),
  };
}

function refuseMethod(routes: readonly Route[]): RequestHandler {
  const methods: string[] = routes.map(({ method }) => method);
  if (routes.some(({ method, isTraced }) => method === "GET" && isTraced !== true))
    methods.push("HEAD");
  const allow = [...methods, "OPTIONS"].join(", ");
  return (request, response) => {
    response.setHeader("Allow", allow);
    if (request.method === "OPTIONS") {
      sendReply(response, { status: 204 });
      return;
    }
    throw new DocketError(
      "method_not_allowed",
      `${request.method} is not allowed here; use ${methods.join(", ")}.`,
    );
  };
}

/** The one place where errors become answers. */
const answerError: ErrorRequestHandler = async (error, request, response, _next) => {
  await sendProblem(request, response, toDocketError(error));
};
