import { DocketError } from "@docket/domain";
import { withTenant } from "@docket/platform/database";
import { Router, type ErrorRequestHandler, type RequestHandler } from "express";
import type { ApiContext } from "../context.ts";
import { readJson } from "./body.ts";
import { limitIdleness } from "./idle-limit.ts";
import { authorise, type Principal } from "./principal.ts";
import { pathOf, requestContext } from "./request-context.ts";
import type { Route } from "./route.ts";
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
    let principal = NOBODY;
    if (route.permission !== "public") {
      principal = await context.authenticate(request, response);
      requestContext(response).principal = principal;
      authorise(principal, route.permission);
    }
    const streams = route.body === "stream";
    if (streams) limitIdleness(request);
    const body = streams || route.method === "GET" ? undefined : await readJson(request);
    const parts = check({ params: request.params, query: request.query, body });
    const handle = () =>
      route.handler(context, {
        ...parts,
        principal,
        requestId,
        logger,
        path: pathOf(request),
        raw: request,
      });
    if (route.permission === "public") {
      sendReply(response, await handle());
      return;
    }
    // Until the database's role is known to be bound by row-level security, nobody's rows are read.
    if (!context.role.isBound()) throw outOfReach("database");
    sendReply(response, await withTenant(principal.tenantId, handle));
  };
}

function refuseMethod(routes: readonly Route[]): RequestHandler {
  const methods: string[] = routes.map(({ method }) => method);
  if (methods.includes("GET")) methods.push("HEAD");
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
