import { withTimeout, type Logger } from "@docket/platform";
import type { Database } from "@docket/platform/database";
import { Counter, Gauge, type Registry } from "@docket/platform/monitoring";
import type { ExportQueue } from "@docket/platform/queue";
import { countUnfinishedExportJobs, readEventLag, readWebhookBacklog } from "@docket/platform/rows";

/** Prometheus gives up after 10 s: a database that hangs must not make it lose the other metrics. */
const DEADLINE_MS = 1_500;

/** Reads for one gauge. A failed read is counted, and the gauge is left out of the response. */
type Collect = (from: "database" | "queue", read: () => Promise<void>) => () => Promise<void>;

/** Adds the metrics that are read on each scrape: the unfinished jobs of all tenants, and the messages in the queue. */
export function collectBacklog(options: {
  readonly registry: Registry;
  readonly pool: Database["pool"];
  readonly queue: Pick<ExportQueue, "depth">;
  readonly logger: Logger;
}): void {
  const { registry, pool, queue, logger } = options;
  const failures = new Counter({
    name: "docket_scrape_failures_total",
    help: "Metrics that could not be read",
    labelNames: ["from"],
    registers: [registry],
  });
  const collect: Collect = (from, read) => async () => {
    try {
      await read();
    } catch (error) {
      failures.inc({ from });
      logger.warn({ err: error, from }, "metric collection failed");
    }
  };
  collectJobs(registry, pool, collect);
  collectMessages(registry, queue, collect);
  collectEventLag(registry, pool, collect);
  collectWebhooks(registry, pool, collect);
}

function collectJobs(registry: Registry, pool: Database["pool"], collect: Collect): void {
  const readCounts = shareReads(() => withTimeout(DEADLINE_MS, countUnfinishedExportJobs(pool)));
  const jobs = new Gauge({
    name: "docket_export_jobs_unfinished",
    help: "Export jobs that are QUEUED or RUNNING now",
    labelNames: ["status", "report", "format"],
    registers: [registry],
    collect: collect("database", async () => {
      jobs.reset();
      for (const { status, reportType: report, format, jobs: count } of await readCounts())
        jobs.set({ status, report, format }, count);
    }),
  });
  const oldest = new Gauge({
    name: "docket_export_oldest_queued_seconds",
    help: "How long the oldest due export job has waited; 0 if none is waiting",
    registers: [registry],
    collect: collect("database", async () => {
      oldest.set(NaN);
      const queued = (await readCounts()).filter(({ status }) => status === "QUEUED");
      oldest.set(Math.max(0, ...queued.map(({ oldestSeconds }) => oldestSeconds)));
    }),
  });
}

function collectMessages(
  registry: Registry,
  queue: Pick<ExportQueue, "depth">,
  collect: Collect,
): void {
  const messages = new Gauge({
    name: "docket_queue_deliveries",
    help: "Messages in the queue now",
    labelNames: ["state"],
    registers: [registry],
    collect: collect("queue", async () => {
      messages.reset();
      for (const [state, count] of Object.entries(await queue.depth()))
        messages.set({ state }, count);
    }),
  });
}

function collectEventLag(registry: Registry, pool: Database["pool"], collect: Collect): void {
  const lag = new Gauge({
    name: "docket_events_lag_seconds",
    help: "How long the oldest committed event has waited for its number; 0 if none is waiting",
    registers: [registry],
    collect: collect("database", async () => {
      lag.set(NaN);
      lag.set(await withTimeout(DEADLINE_MS, readEventLag(pool)));
    }),
  });
}
const LANES = [
  { retries: false, attempt: "first" },
  { retries: true, attempt: "repeated" },
] as const;

function collectWebhooks(registry: Registry, pool: Database["pool"], collect: Collect): void {
  const read = shareReads(() => withTimeout(DEADLINE_MS, readWebhookBacklog(pool)));
  const waiting = new Gauge({
    name: "docket_webhook_deliveries_pending",
    help: "Webhook deliveries of enabled endpoints that are PENDING now",
    labelNames: ["attempt"],
    registers: [registry],
    collect: collect("database", async () => {
      waiting.reset();
      const backlog = await read();
      for (const { retries, attempt } of LANES)
        waiting.set({ attempt }, backlog.find((each) => each.retries === retries)?.deliveries ?? 0);
    }),
  });
  const oldest = new Gauge({
    name: "docket_webhook_oldest_due_seconds",
    help: "How long the oldest due webhook delivery has waited; 0 if none is waiting",
    labelNames: ["attempt"],
    registers: [registry],
    collect: collect("database", async () => {
      oldest.reset();
      const backlog = await read();
      for (const { retries, attempt } of LANES)
        oldest.set(
          { attempt },
          backlog.find((each) => each.retries === retries)?.oldestSeconds ?? 0,
        );
    }),
  });
}

/** Calls at the same time share one read: the gauges of a scrape are collected together. */
function shareReads<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => (reading ??= read().finally(() => (reading = undefined)));
}
