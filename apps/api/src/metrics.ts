import {
  createRegistry,
  createTransitionCounter,
  Histogram,
  type Registry,
} from "@docket/platform/monitoring";

/** What the API counts (docs/operations.md has the table). */
export type ApiMetrics = {
  readonly registry: Registry;
  /** A request is over. `route` is the path's pattern, never the path: ids would make a series each. */
  readonly answered: (
    request: { readonly method: string; readonly route: string; readonly status: number },
    seconds: number,
  ) => void;
  /** A request brought an export job into a state. */
  readonly changed: (
    job: { readonly reportType: string; readonly format: string },
    status: "QUEUED" | "CANCELED",
  ) => void;
};

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 600];

export function createApiMetrics(): ApiMetrics {
  const registry = createRegistry();
  const transitions = createTransitionCounter(registry);
  const duration = new Histogram({
    name: "docket_http_request_duration_seconds",
    help: "From a request's first line to the end of its answer",
    labelNames: ["method", "route", "status"],
    buckets: SECONDS,
    registers: [registry],
  });
  return {
    registry,
    answered: (labels, seconds) => duration.observe(labels, seconds),
    changed: ({ reportType: report, format }, status) =>
      transitions.inc({ report, format, status }),
  };
}
