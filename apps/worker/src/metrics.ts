import type { ExportStatus, Format, ReportType } from "@docket/domain";
import {
  Counter,
  createRegistry,
  createTransitionCounter,
  Histogram,
  type Registry,
} from "@docket/platform/monitoring";

type Job = { readonly reportType: ReportType; readonly format: Format };

/** The worker's metrics. docs/operations.md lists them. */
export type WorkerMetrics = ExportMetrics &
  UpkeepMetrics &
  WebhookMetrics & { readonly registry: Registry };

type ExportMetrics = {
  /** A job changed its status. */
  readonly changed: (job: Job & { readonly status: ExportStatus }) => void;
  /** A file was written: seconds from the claim to the last byte, and its size. */
  readonly written: (job: Job, file: { readonly seconds: number; readonly bytes: number }) => void;
  /** A job went back to the queue. `cause` is an `errorCode`, or why it was handed back. */
  readonly returned: (cause: string) => void;
};

type UpkeepMetrics = {
  /** An upkeep task ran. `repaired` counts what it repaired; undefined if the task failed. */
  readonly upkeep: (task: string, repaired: Readonly<Record<string, number>> | undefined) => void;
};

type WebhookMetrics = {
  /** An attempt to deliver a webhook has ended, and how. */
  readonly webhookAttempted: (outcome: "delivered" | "retried" | "failed", seconds: number) => void;
};

/** From a file of ten rows to one of ten million. */
const SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600];
const BYTES = [1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10];

export function createWorkerMetrics(): WorkerMetrics {
  const registry = createRegistry();
  return {
    registry,
    ...createExportMetrics(registry),
    ...createUpkeepMetrics(registry),
    ...createWebhookMetrics(registry),
  };
}

function createExportMetrics(registry: Registry): ExportMetrics {
  const registers = [registry];
  const transitions = createTransitionCounter(registry);
  const seconds = new Histogram({
    name: "docket_export_duration_seconds",
    help: "Time from a claim to the complete file",
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
  return {
    changed: ({ reportType: report, format, status }) =>
      transitions.inc({ report, format, status }),
    written: ({ reportType: report, format }, file) => {
      seconds.observe({ report, format }, file.seconds);
      bytes.observe({ report, format }, file.bytes);
    },
    returned: (cause) => returned.inc({ cause }),
  };
}

function createUpkeepMetrics(registry: Registry): UpkeepMetrics {
  const registers = [registry];
  const runs = new Counter({
    name: "docket_upkeep_runs_total",
    help: "Runs of the reconciler and the sweepers",
    labelNames: ["task", "outcome"],
    registers,
  });
  const repairs = new Counter({
    name: "docket_upkeep_mended_total",
    help: "Rows that upkeep processed, by task and what was done",
    labelNames: ["task", "what"],
    registers,
  });
  return {
    upkeep: (task, repaired) => {
      runs.inc({ task, outcome: repaired === undefined ? "failed" : "ok" });
      for (const [what, count] of Object.entries(repaired ?? {}))
        repairs.inc({ task, what }, count);
    },
  };
}

/** Up to the time limit of an attempt. */
const ATTEMPT_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];

function createWebhookMetrics(registry: Registry): WebhookMetrics {
  const attempts = new Histogram({
    name: "docket_webhook_attempt_seconds",
    help: "Duration of attempts to deliver a webhook, by outcome",
    labelNames: ["outcome"],
    buckets: ATTEMPT_SECONDS,
    registers: [registry],
  });
  return { webhookAttempted: (outcome, seconds) => attempts.observe({ outcome }, seconds) };
}
