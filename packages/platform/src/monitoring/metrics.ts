import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

export { Counter, Gauge, Histogram, Registry };

/** A registry of its own for each process (and each test), with what Node tells of itself. */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** Changes of export jobs' states; the API counts those that a request makes, the worker all others. */
export const createTransitions = (registry: Registry): Counter<"status" | "report" | "format"> =>
  new Counter({
    name: "docket_export_job_transitions_total",
    help: "Export jobs that came into a state",
    labelNames: ["status", "report", "format"],
    registers: [registry],
  });
