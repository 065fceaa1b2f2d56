import type { ExportStatus, Format, ReportType } from "@docket/domain";
import {
  Counter,
  createRegistry,
  createTransitionCounter,
  Histogram,
  type Registry,
} from "@docket/platform/monitoring";

type Job = { readonly reportType: ReportType; readonly format: Format };

/** What the worker counts (docs/operations.md has the table). */
export type WorkerMetrics = {
  readonly registry: Registry;
  /** A job came into a state. */
  readonly changed: (job: Job, status: ExportStatus) => void;
  /** A file was written: from the claim to the last byte, and its size. */
  readonly written: (job: Job, file: { readonly seconds: number; readonly bytes: number }) => void;
  /** A job went back to the queue. `cause`: an `errorCode`, or why it was handed back. */
  readonly returned: (cause: string) => void;
  /** A task of upkeep ran, and how many of what it mended; undefined `done`: it failed. */
  readonly upkeep: (task: string, done: Readonly<Record<string, number>> | undefined) => void;
};

/** A file of ten rows, and one of ten million. */
const SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600];
const BYTES = [1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10];

export function createWorkerMetrics(): WorkerMetrics {
  const registry = createRegistry();
  const registers = [registry];
  const transitions = createTransitionCounter(registry);
  const seconds = new Histogram({
    name: "docket_export_duration_seconds",
    help: "From a claim to the file stored whole",
    labelNames: ["report", "format"],
    buckets: SECONDS,
    registers,
  });
  const bytes = new Histogram({
    name: "docket_export_bytes",
    help: "Size of the files written",
    labelNames: ["report", "format"],
    buckets: BYTES,
    registers,
  });
  const returned = new Counter({
    name: "docket_export_returns_total",
    help: "Export jobs that went back to the queue, by cause",
    labelNames: ["cause"],
    registers,
  });
  const runs = new Counter({
    name: "docket_upkeep_runs_total",
    help: "Turns of the reconciler and the sweepers",
    labelNames: ["task", "outcome"],
    registers,
  });
  const mended = new Counter({
    name: "docket_upkeep_mended_total",
    help: "What upkeep mended: abandoned jobs, lost objects swept, exports expired",
    labelNames: ["task", "what"],
    registers,
  });
  return {
    registry,
    changed: ({ reportType: report, format }, status) =>
      transitions.inc({ report, format, status }),
    written: ({ reportType: report, format }, file) => {
      seconds.observe({ report, format }, file.seconds);
      bytes.observe({ report, format }, file.bytes);
    },
    returned: (cause) => returned.inc({ cause }),
    upkeep: (task, done) => {
      runs.inc({ task, outcome: done === undefined ? "failed" : "ok" });
      for (const [what, count] of Object.entries(done ?? {})) mended.inc({ task, what }, count);
    },
  };
}
