import { outOfReach } from "../http/translate-error.ts";
import { problemHeaders, problemOf } from "../http/problem.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { readiness } from "../services/readiness.ts";

const live = defineRoute({
  method: "GET",
  path: "/healthz",
  operationId: "getHealth",
  summary: "The process lives",
  permission: "public",
  answers: { 200: { description: "It does" } },
  handler: async () => ({ status: 200, body: { status: "ok" } }),
});

const ready = defineRoute({
  method: "GET",
  path: "/readyz",
  operationId: "getReadiness",
  summary: "Every dependency by name, and whether it answers",
  permission: "public",
  answers: {
    200: { description: "All that are configured do" },
    503: { description: "One of them does not", headers: ["Retry-After"] },
  },
  handler: async (context, { requestId, path, logger }) => {
    const { ready: isReady, checks } = await readiness(context, logger);
    if (isReady) return { status: 200, body: { status: "ready", checks } };
    const down = Object.entries(checks).flatMap(([name, state]) =>
      state === "down" ? [name] : [],
    );
    const error = outOfReach(down.join(" and the "));
    const problem = problemOf(error, { instance: path, requestId });
    return { status: 503, headers: problemHeaders(error), body: { ...problem, checks } };
  },
});

export const healthRoutes: readonly Route[] = [live, ready];
