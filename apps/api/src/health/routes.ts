import { problemHeaders, problemOf } from "../http/problem.ts";
import { readRoute, type Route } from "../http/route.ts";
import { dependencyUnavailable } from "../http/translate-error.ts";
import { choiceSchema, component, objectSchema } from "../openapi/json-schema.ts";
import { problemWith } from "../openapi/problems.ts";

const live = readRoute({
  method: "GET",
  path: "/healthz",
  operationId: "getHealth",
  summary: "Check that the process is alive",
  permission: "public",
  responses: {
    200: {
      description: "The process is alive.",
      body: component("Health", { status: { type: "string", const: "ok" } }),
    },
  },
  handler: async () => ({ status: 200, body: { status: "ok" } }),
});

const dependency = choiceSchema(["up", "down", "not_configured"]);
const checksSchema = objectSchema({ database: dependency, queue: dependency, storage: dependency });

const ready = readRoute({
  method: "GET",
  path: "/readyz",
  operationId: "getReadiness",
  summary: "Check the dependencies",
  permission: "public",
  responses: {
    200: {
      description: "Every configured dependency is up.",
      body: component("Ready", {
        status: { type: "string", const: "ready" },
        checks: checksSchema,
      }),
    },
    503: {
      description: "A configured dependency is down: `dependency_unavailable`.",
      headers: ["Retry-After"],
      body: problemWith("NotReady", { checks: checksSchema }),
    },
  },
  handler: async ({ checkReadiness }, { requestId, path }) => {
    const { ready: isReady, checks } = await checkReadiness();
    if (isReady) return { status: 200, body: { status: "ready", checks } };
    const down = Object.keys(checks).filter(
      (name) => checks[name as keyof typeof checks] === "down",
    );
    const error = dependencyUnavailable(down.join(" and the "));
    const problem = problemOf(error, { instance: path, requestId });
    return { status: 503, headers: problemHeaders(error), body: { ...problem, checks } };
  },
});

export const healthRoutes: readonly Route[] = [live, ready];
