import {
  createRegistry,
  createTransitionCounter,
  Gauge,
  Histogram,
  type Registry,
} from "@docket/platform/monitoring";

/** The metrics of the API (docs/operations.md lists them). */
export type ApiMetrics = {
  readonly registry: Registry;
  /** `route` is the pattern of the path: paths contain IDs, and each would be a time series of its own. */
  readonly requestFinished: (
    request: { readonly method: string; readonly route: string; readonly status: number },
    seconds: number,
  ) => void;
  readonly exportJobChanged: (
    job: { readonly reportType: string; readonly format: string },
    status: "QUEUED" | "CANCELED",
  ) => void;
};

const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 600];

/** @param countStreams how many streams of events are open. */
export function createApiMetrics(countStreams: () => number): ApiMetrics {
  const registry = createRegistry();
  const streams: Gauge = new Gauge({
    name: "docket_event_streams",
    help: "Open streams of events",
    registers: [registry],
    collect: () => streams.set(countStreams()),
  });
  const transitions = createTransitionCounter(registry);
  const duration = new Histogram({
    name: "docket_http_request_duration_seconds",
    help: "Time from the arrival of a request to the end of its response",
    labelNames: ["method", "route", "status"],
    buckets: BUCKETS_SECONDS,
    registers: [registry],
  });
  return {
    registry,
    requestFinished: (labels, seconds) => duration.observe(labels, seconds),
    exportJobChanged: ({ reportType: report, format }, status) =>
      transitions.inc({ report, format, status }),
  };
}
