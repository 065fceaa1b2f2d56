import { asSuperuser, startBenchStack, type BenchStack, type Server } from "./bench-stack.ts";
import type { BenchRun } from "./bench.ts";
import { CONNECTIONS, loadHttp, type Load, type Throughput } from "./http-load.ts";
import { inPairs } from "./pairs.ts";
import { waitUntilIdle, processUsage } from "@docket/testing";
import { REFERENCE_SERVER_PROGRAM } from "./programs.ts";
import { TENANT } from "./seed.ts";
import { figure, figureOver, median, table } from "./table.ts";

/** What share of the reference's requests the API must answer; printed beside the figures, and nothing fails by it. */
const LEAST_SHARE = 0.6;

const POOL_SIZE = "10";
const WARM_UP_SECONDS = 2;

/** The two calls that a client makes most, beside a bare Express that does the least that could answer them. */
export async function benchApi(run: BenchRun): Promise<void> {
  const { lifetime, say, signal } = run;
  const { QUEUE_URL: queueUrl } = run.environment;
  const stack = await startBenchStack(lifetime, say, signal, { queueUrl });
  const api = await stack.startApi({ API_POOL_SIZE: POOL_SIZE });
  const reference = await stack.startServer("reference", REFERENCE_SERVER_PROGRAM, {
    DATABASE_URL: stack.databaseUrl,
    QUEUE_URL: stack.queueUrl,
    JWT_SECRET: stack.jwtSecret,
    TENANT,
    POOL_SIZE,
  });
  const context = await api.client.createContext("Bench");
  const { jobId } = await api.client.orderExport(context.id, ORDER);
  say(
    `Queue: ${new URL(stack.queueUrl).protocol}//. Rate limits and the limit of unfinished exports are off; no worker runs.`,
  );
  say(
    `Reference: Express, express-jwt, pg, BullMQ. ${CONNECTIONS} connections, ${POOL_SIZE} to Postgres, ${run.pairs} pairs of ${run.seconds} s each, medians.`,
  );
  say();

  const authorization = `Bearer ${stack.token}`;
  const reads = { path: `/v1/export-jobs/${jobId}`, headers: { authorization } };
  const creates = {
    path: `/v1/contexts/${context.id}/export-jobs`,
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify(ORDER),
  } as const;
  const both = { api, reference, run };
  const lines = [
    await compare(both, "GET an export job", reads, async () => undefined),
    await compare(both, "create an export job", creates, (made) => clear(stack, made)),
  ];
  say();
  say(table([HEADER, ...lines]));
  say(`  Limit: at least ${LEAST_SHARE} of the reference's requests a second`);
}

const HEADER = [
  "call",
  "requests/s",
  "reference",
  "ratio",
  "p99 ms",
  "reference",
  "CPU ms",
  "reference",
];

const ORDER = {
  reportType: "MATCHED",
  format: "CSV",
  dateFrom: "2026-01-01",
  dateTo: "2026-01-31",
} as const;

type Measured = Throughput & {
  /** The server's own time for one answer. */
  readonly cpuMs: number | undefined;
};
type Both = { readonly api: Server; readonly reference: Server; readonly run: BenchRun };
type Call = Omit<Load, "url" | "seconds"> & { readonly path: string };

async function compare(
  { api, reference, run }: Both,
  name: string,
  { path, ...call }: Call,
  after: (answers: number) => Promise<void>,
): Promise<string[]> {
  const measure = async ({ address, pid }: Server, seconds = run.seconds): Promise<Measured> => {
    const before = processUsage(pid);
    const measured = await loadHttp({ ...call, url: `${address}${path}`, seconds }, run.signal);
    // The API answers before the queue has heard of the job: what follows the answer counts, too.
    await waitUntilIdle(pid, run.signal);
    const used = processUsage(pid);
    await after(measured.answers);
    const cpuSeconds = before && used && used.cpuSeconds - before.cpuSeconds;
    return { ...measured, cpuMs: cpuSeconds && (cpuSeconds * 1_000) / measured.answers };
  };
  await measure(reference, WARM_UP_SECONDS);
  await measure(api, WARM_UP_SECONDS);
  const found = await inPairs({
    ...run,
    ours: () => measure(api),
    theirs: () => measure(reference),
    each: ({ ours, theirs }, pair) =>
      run.say(
        `  ${name} ${pair}: API ${ours.perSecond.toFixed(0)}/s, reference ${theirs.perSecond.toFixed(0)}/s`,
      ),
  });
  const middle = (of: (pair: (typeof found)[number]) => number): number => median(found.map(of));
  return [
    name,
    middle(({ ours }) => ours.perSecond).toFixed(0),
    middle(({ theirs }) => theirs.perSecond).toFixed(0),
    figureOver(
      middle(({ ours, theirs }) => ours.perSecond / theirs.perSecond),
      2,
      LEAST_SHARE,
    ),
    middle(({ ours }) => ours.p99Ms).toFixed(0),
    middle(({ theirs }) => theirs.p99Ms).toFixed(0),
    figure(
      middle(({ ours }) => ours.cpuMs ?? NaN),
      2,
    ),
    figure(
      middle(({ theirs }) => theirs.cpuMs ?? NaN),
      2,
    ),
  ];
}

/**
 * Takes away the jobs that a run has made, so that every run begins with the same tables.
 *
 * @throws Error when there are fewer than were answered.
 */
async function clear(stack: BenchStack, answers: number): Promise<void> {
  await asSuperuser(stack, async ({ pool }) => {
    const { rowCount } = await pool.query("DELETE FROM export_jobs");
    const made = rowCount ?? 0;
    if (made < answers) throw new Error(`${answers} jobs were answered, ${made} made`);
    await pool.query("VACUUM (ANALYZE) export_jobs");
  });
}
