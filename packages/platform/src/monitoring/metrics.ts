import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

export { Counter, Gauge, Histogram, Registry };

/** Creates a registry with the default metrics of Node. Every process, and every test, has its own. */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** Counts state transitions of export jobs. The API counts those caused by a request, the worker all others. */
export const createTransitionCounter = (
  registry: Registry,
): Counter<"status" | "report" | "format"> =>
  new Counter({
    name: "docket_export_job_transitions_total",
    help: "State transitions of export jobs, by new state",
    labelNames: ["status", "report", "format"],
    registers: [registry],
  });
