import { withTimeout, type Logger } from "@docket/platform";
import type { Database } from "@docket/platform/database";
import { Counter, Gauge, type Registry } from "@docket/platform/monitoring";
import type { ExportQueue } from "@docket/platform/queue";

type Unfinished = {
  readonly status: string;
  readonly report_type: string;
  readonly format: string;
  readonly jobs: number;
  readonly oldest_seconds: number;
};

/** A database that hangs must not take the other metrics with it: Prometheus gives up after ten seconds. */
const DEADLINE_MS = 1_500;

/**
 * Adds to the metrics what is read when somebody asks: the unfinished jobs of all tenants, and the deliveries in the queue.
 * What cannot be read is left out of the answer, and counted.
 */
export function watchBacklog(options: {
  readonly registry: Registry;
  readonly database: Pick<Database, "pool">;
  readonly queue: Pick<ExportQueue, "depth">;
  readonly logger: Logger;
}): void {
  const { registry, database, queue, logger } = options;
  const registers = [registry];
  const failures = new Counter({
    name: "docket_scrape_failures_total",
    help: "Figures that could not be read",
    labelNames: ["from"],
    registers,
  });
  const filled = (from: string, read: () => Promise<void>) => async (): Promise<void> => {
    try {
      await read();
    } catch (error) {
      failures.inc({ from });
      logger.warn({ err: error, from }, "metrics are incomplete");
    }
  };

  // Read once for the two gauges, which Prometheus' client fills at the same time.
  let reading: Promise<readonly Unfinished[]> | undefined;
  const unfinished = (): Promise<readonly Unfinished[]> =>
    (reading ??= withTimeout(
      DEADLINE_MS,
      database.pool.query<Unfinished>("SELECT * FROM metrics_unfinished_jobs()"),
    )
      .then(({ rows }) => rows)
      .finally(() => (reading = undefined)));

  const jobs = new Gauge({
    name: "docket_export_jobs_unfinished",
    help: "Export jobs that are QUEUED or RUNNING now",
    labelNames: ["status", "report", "format"],
    registers,
    collect: filled("database", async () => {
      jobs.reset();
      for (const { status, report_type: report, format, jobs: count } of await unfinished())
        jobs.set({ status, report, format }, count);
    }),
  });
  const oldest = new Gauge({
    name: "docket_export_oldest_queued_seconds",
    help: "How long the oldest export job that is due has waited; 0 when none does",
    registers,
    collect: filled("database", async () => {
      oldest.set(NaN);
      const waiting = (await unfinished()).filter(({ status }) => status === "QUEUED");
      oldest.set(Math.max(0, ...waiting.map((each) => each.oldest_seconds)));
    }),
  });
  const deliveries = new Gauge({
    name: "docket_queue_deliveries",
    help: "Deliveries in the queue now",
    labelNames: ["state"],
    registers,
    collect: filled("queue", async () => {
      deliveries.reset();
      for (const [state, count] of Object.entries(await queue.depth()))
        deliveries.set({ state }, count);
    }),
  });
}
