import { setTimeout as sleep } from "node:timers/promises";

import { withTenant } from "@docket/platform/database";

import { openReferenceStore, type ReferenceStore } from "../reference-store.ts";
import { figureAtMost, median } from "../table.ts";
import { TENANT } from "../tenant.ts";
import type { Bench } from "./bench.ts";
import type { ExportJobs } from "./jobs.ts";
import { LIMITS, nameOf, type ExportKind } from "./kind.ts";
import type { SeededContext } from "./seed.ts";

/** When the first results of an export could be seen, in milliseconds after RUNNING. */
type FirstResults = {
  /** The store has the first part of the file. */
  readonly partMs: number;
  /** The job tells how many rows to expect. */
  readonly expectedMs: number;
};

const POLL_INTERVAL_MS = 10;

/** The first export of the worker is not measured: its code is not compiled yet. */
export async function firstResultsLine(
  { run, stack, jobs }: Bench,
  context: SeededContext,
): Promise<string> {
  const kind = { report: "MATCHED", format: "CSV" } as const;
  const worker = await stack.startWorker();
  const store = openReferenceStore(stack.storage);
  run.lifetime.onClose("reference store", store.close);
  const watched: FirstResults[] = [];
  for (let count = 0; count <= run.pairs; count += 1)
    watched.push(await watchFirstResults(run.signal, jobs, store, kind, context));
  await worker.stop();
  const [, ...warm] = watched;
  const part = figureAtMost(median(warm.map(({ partMs }) => partMs)), 0, LIMITS.firstPartMs);
  const expected = figureAtMost(
    median(warm.map(({ expectedMs }) => expectedMs)),
    0,
    LIMITS.expectedMs,
  );
  return `${nameOf(kind)}, after RUNNING: first part stored after ${part} ms, rows to expect known after ${expected} ms.`;
}

/**
 * Runs an export, and looks for its first results every 10 ms. Those of one that finishes sooner are its end.
 *
 * @throws Error when the export fails.
 */
const watchFirstResults = (
  signal: AbortSignal,
  jobs: ExportJobs,
  store: Pick<ReferenceStore, "hasPart">,
  kind: ExportKind,
  context: SeededContext,
): Promise<FirstResults> =>
  withTenant(TENANT, async () => {
    const jobId = await jobs.start(kind, context);
    let expectedMs: number | undefined;
    let partMs: number | undefined;
    while (expectedMs === undefined || partMs === undefined) {
      await sleep(POLL_INTERVAL_MS, undefined, { signal });
      const job = await readJob(jobs, jobId);
      if (job === undefined) continue;
      if (job.isKnown || job.isFinished) expectedMs ??= job.ms;
      if (job.isFinished) partMs ??= job.ms;
      if (
        partMs === undefined &&
        job.upload !== null &&
        (await store.hasPart(job.upload.key, job.upload.id))
      )
        partMs = (await readJob(jobs, jobId))!.ms;
    }
    await jobs.finish(jobId);
    return { partMs, expectedMs };
  });

type RunningJob = {
  /** Since RUNNING. */
  readonly ms: number;
  readonly isKnown: boolean;
  readonly isFinished: boolean;
  readonly upload: { readonly key: string; readonly id: string } | null;
};

/** Undefined until it is RUNNING. */
async function readJob({ pool }: ExportJobs, jobId: string): Promise<RunningJob | undefined> {
  const { rows } = await pool.query<RunningJob>(
    `SELECT extract(epoch FROM clock_timestamp() - started_at)::float8 * 1000 AS ms,
       records_expected IS NOT NULL AS "isKnown", finished_at IS NOT NULL AS "isFinished",
       (SELECT jsonb_build_object('key', o.key, 'id', o.upload_id) FROM stored_objects o
        WHERE o.owner = 'export_job:' || j.id AND o.upload_id IS NOT NULL) AS upload
     FROM export_jobs j WHERE id = $1 AND started_at IS NOT NULL`,
    [jobId],
  );
  return rows[0];
}
