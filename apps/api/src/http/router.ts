import { DocketError } from "@docket/domain";
import { Router, type ErrorRequestHandler, type RequestHandler } from "express";
import type { ApiContext } from "../context.ts";
import { createHandler } from "./handler.ts";
import type { Route } from "./route.ts";
import { sendProblem, sendReply } from "./send.ts";
import { toDocketError } from "./translate-error.ts";

/** Mounts `routes`. A known path refuses every other method with 405; every other path is a 404. */
export function createRouter(context: ApiContext, routes: readonly Route[]): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const [path, group] of byPath(routes)) {
    const mounted = router.route(path);
    for (const route of group) {
      if (refusesHead(route)) mounted.head(refuseMethod(group));
      mounted[METHODS[route.method]](createHandler(context, route));
    }
    mounted.all(refuseMethod(group));
  }
  router.use((_request, _response, next) =>
    next(new DocketError("not_found", "There is nothing at this path.")),
  );
  router.use(handleError);
  return router;
}

const METHODS = { GET: "get", POST: "post", PATCH: "patch", DELETE: "delete" } as const;

/** Express would run the GET for a HEAD. */
const refusesHead = (route: Route): boolean =>
  route.method === "GET" && (route.isAudited === true || route.isEndless === true);

function byPath(routes: readonly Route[]): ReadonlyMap<string, readonly Route[]> {
  const paths = new Map<string, Route[]>();
  for (const route of routes) paths.set(route.path, [...(paths.get(route.path) ?? []), route]);
  return paths;
}

/** Answers OPTIONS, and refuses every other method. */
function refuseMethod(routes: readonly Route[]): RequestHandler {
  const methods: string[] = routes.map(({ method }) => method);
  if (routes.some((route) => route.method === "GET" && !refusesHead(route))) methods.push("HEAD");
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

/** The one place where errors become responses. */
const handleError: ErrorRequestHandler = async (error, request, response, _next) => {
  await sendProblem(request, response, toDocketError(error));
};
