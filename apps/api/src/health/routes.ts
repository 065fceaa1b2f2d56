import { checkReadiness } from "@docket/platform/monitoring";
import { outOfReach } from "../http/translate-error.ts";
import { problemHeaders, problemOf } from "../http/problem.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { choiceSchema, component, objectSchema } from "../openapi/json-schema.ts";
import { problemWith } from "../openapi/problems.ts";
import { dependenciesOf } from "./readiness.ts";

const live = defineRoute({
  method: "GET",
  path: "/healthz",
  operationId: "getHealth",
  summary: "The process lives",
  permission: "public",
  answers: {
    200: {
      description: "It does",
      body: component("Health", { status: { type: "string", const: "ok" } }),
    },
  },
  handler: async () => ({ status: 200, body: { status: "ok" } }),
});

const dependency = choiceSchema(["up", "down", "not_configured"]);
const checksSchema = objectSchema({ database: dependency, queue: dependency, storage: dependency });

const ready = defineRoute({
  method: "GET",
  path: "/readyz",
  operationId: "getReadiness",
  summary: "Every dependency by name, and whether it answers",
  permission: "public",
  answers: {
    200: {
      description: "All that are configured do",
      body: component("Ready", {
        status: { type: "string", const: "ready" },
        checks: checksSchema,
      }),
    },
    503: {
      description: "One of them does not: `dependency_unavailable`.",
      headers: ["Retry-After"],
      body: problemWith("NotReady", { checks: checksSchema }),
    },
  },
  handler: async (context, { requestId, path, logger }) => {
    const { ready: isReady, checks } = await checkReadiness(dependenciesOf(context), logger);
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
