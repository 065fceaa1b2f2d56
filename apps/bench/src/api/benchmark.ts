import { fileURLToPath } from "node:url";

import type { Database } from "@docket/platform/database";
import { waitUntilIdle, processUsage } from "@docket/testing";

import type { BenchmarkFigures, BenchmarkRun } from "../benchmark.ts";
import { measureInPairs } from "../pairs.ts";
import type { Server } from "../processes.ts";
import { openSuperuser, startBenchStack, type BenchApi, type BenchStack } from "../stack.ts";
import { figureAtLeast, figureAtMost, median, table } from "../table.ts";
import { TENANT } from "../tenant.ts";
import { CONNECTIONS, measureThroughput, type Load, type Throughput } from "./http-load.ts";

/** The least shares of the reference's throughput. Printed beside the figures; a missed limit is not a failure. */
const MIN_RATIOS = { read: 0.9, create: 0.8 } as const;

const POOL_SIZE = "10";
/** Until V8 has compiled what a request runs. The API runs more code than the reference: its throughput rises for 6 000 requests. */
const WARM_UP_SECONDS = 15;

const REFERENCE_SERVER = fileURLToPath(
  new URL("../../dist/api/reference-server/main.js", import.meta.url),
);

const EXPORT_REQUEST = {
  reportType: "MATCHED",
  format: "CSV",
  dateFrom: "2026-01-01",
  dateTo: "2026-01-31",
} as const;

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

type Bench = {
  readonly run: BenchmarkRun;
  readonly stack: BenchStack;
  /** For work that is not part of a measurement. */
  readonly superuser: Database["pool"];
  readonly api: Server;
  readonly reference: Server;
};

type Call = {
  readonly name: string;
  readonly minRatio: number;
  readonly request: Omit<Load, "address" | "seconds">;
};

/** Compares the two most frequent calls with a bare Express server that answers them; the create also behind a backlog. */
export async function benchmarkApi(run: BenchmarkRun): Promise<BenchmarkFigures> {
  const { print } = run;
  const stack = await startBenchStack(run, { queueUrl: run.environment["QUEUE_URL"] });
  const api = await stack.startApi({ API_POOL_SIZE: POOL_SIZE });
  const reference = await stack.startServer("reference", REFERENCE_SERVER, {
    DATABASE_URL: stack.databaseUrl,
    QUEUE_URL: stack.queueUrl,
    JWT_SECRET: stack.jwtSecret,
    TENANT,
    POOL_SIZE,
  });
  const context = await api.client.contexts.create({ name: "Bench" });
  const jobIds = await createJobs(api, context.id);
  print(
    `Queue: ${new URL(stack.queueUrl).protocol}//. Rate limits and the limit of unfinished exports are off; no worker runs.`,
  );
  print(
    `Reference: Express, express-jwt, pg, BullMQ. ${CONNECTIONS} connections, ${POOL_SIZE} to Postgres, ${run.pairs} pairs of ${run.seconds} s each, medians.`,
  );
  print();

  const superuser = openSuperuser(stack);
  run.lifetime.onClose("superuser", superuser.close);
  const bench = { run, stack, superuser: superuser.pool, api, reference };
  const compared = await compareCalls(bench, context.id, jobIds);
  print();
  print(table([HEADER, ...compared.map(({ line }) => line)]));
  print(
    `  Limits: at least ${MIN_RATIOS.read} and ${MIN_RATIOS.create} of the reference's requests a second`,
  );
  return { api: compared.map(({ figures }) => figures) };
}

/** A job for each connection, since clients poll jobs of their own. */
async function createJobs({ client }: BenchApi, contextId: string): Promise<readonly string[]> {
  const jobs = Array.from({ length: CONNECTIONS }, () =>
    client.exportJobs.create(contextId, EXPORT_REQUEST),
  );
  return (await Promise.all(jobs)).map(({ jobId }) => jobId);
}

async function compareCalls(
  bench: Bench,
  contextId: string,
  jobIds: readonly string[],
): Promise<Compared[]> {
  const { stack, superuser } = bench;
  const authorization = `Bearer ${stack.token}`;
  const read = {
    name: "GET an export job",
    minRatio: MIN_RATIOS.read,
    request: {
      paths: jobIds.map((jobId) => `/v1/export-jobs/${jobId}`),
      headers: { authorization },
    },
  };
  const create = {
    name: "create an export job",
    minRatio: MIN_RATIOS.create,
    request: {
      paths: [`/v1/contexts/${contextId}/export-jobs`],
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify(EXPORT_REQUEST),
    },
  } as const;
  const deleteCreated = (responses: number): Promise<void> => deleteJobs(superuser, responses);
  const compared = [
    await compare(bench, read, async () => undefined),
    await compare(bench, create, deleteCreated),
  ];
  await insertBacklog(superuser, contextId);
  const behind = { ...create, name: `create behind ${BACKLOG} unfinished` };
  return [...compared, await compare(bench, behind, deleteCreated)];
}

type Measured = Throughput & {
  /** The server's CPU time for one response; NaN where the system does not report it. */
  readonly cpuMs: number;
};

type Compared = {
  readonly figures: NonNullable<BenchmarkFigures["api"]>[number];
  /** A row of the printed table. */
  readonly line: readonly string[];
};

async function compare(
  bench: Bench,
  call: Call,
  cleanUp: (responses: number) => Promise<void>,
): Promise<Compared> {
  const { run, api, reference } = bench;
  const measure = async (server: Server, seconds: number): Promise<Measured> => {
    const measured = await measureServer(server, call, { seconds, signal: run.signal });
    await cleanUp(measured.responses);
    return measured;
  };
  await measure(reference, WARM_UP_SECONDS);
  await measure(api, WARM_UP_SECONDS);
  const pairs = await measureInPairs({
    ...run,
    subject: () => measure(api, run.seconds),
    reference: () => measure(reference, run.seconds),
    onPair: (pair, number) =>
      run.print(
        `  ${call.name} ${number}: API ${pair.subject.perSecond.toFixed(0)}/s, reference ${pair.reference.perSecond.toFixed(0)}/s`,
      ),
  });

  type Pair = (typeof pairs)[number];
  const medianOf = (value: (pair: Pair) => number): number => median(pairs.map(value));
  const ratio = medianOf((pair) => pair.subject.perSecond / pair.reference.perSecond);
  const figures = {
    call: call.name,
    perSecond: medianOf((pair) => pair.subject.perSecond),
    reference: medianOf((pair) => pair.reference.perSecond),
    ratio,
  };
  const line = [
    call.name,
    figures.perSecond.toFixed(0),
    figures.reference.toFixed(0),
    figureAtLeast(ratio, 2, call.minRatio),
    medianOf((pair) => pair.subject.p99Ms).toFixed(0),
    medianOf((pair) => pair.reference.p99Ms).toFixed(0),
    figureAtMost(
      medianOf((pair) => pair.subject.cpuMs),
      2,
    ),
    figureAtMost(
      medianOf((pair) => pair.reference.cpuMs),
      2,
    ),
  ];
  return { figures, line };
}

async function measureServer(
  { address, pid }: Server,
  { request }: Call,
  { seconds, signal }: { readonly seconds: number; readonly signal: AbortSignal },
): Promise<Measured> {
  const before = processUsage(pid);
  const throughput = await measureThroughput({ ...request, address, seconds }, signal);
  // The API responds before it has enqueued the job; that work counts, too.
  await waitUntilIdle(pid, signal);
  const after = processUsage(pid);
  const cpuSeconds = before && after ? after.cpuSeconds - before.cpuSeconds : NaN;
  return { ...throughput, cpuMs: (cpuSeconds * 1_000) / throughput.responses };
}

/** The unfinished exports of the tenant, for the last comparison. */
const BACKLOG = 5_000;
const BACKLOG_REQUESTER = "backlog";

async function insertBacklog(superuser: Database["pool"], contextId: string): Promise<void> {
  await superuser.query(
    `INSERT INTO export_jobs (tenant_id, context_id, report_type, format, date_from, date_to, requested_by, turn)
     SELECT $1, $2, 'MATCHED', 'CSV', '2026-01-01', '2026-01-31', $3, n FROM generate_series(1, $4) n`,
    [TENANT, contextId, BACKLOG_REQUESTER, BACKLOG],
  );
}

/**
 * Deletes the jobs that a measurement has created, so that each one starts with the same tables.
 *
 * @throws Error when there are fewer jobs than 2xx responses.
 */
async function deleteJobs(superuser: Database["pool"], responses: number): Promise<void> {
  const { rowCount } = await superuser.query("DELETE FROM export_jobs WHERE requested_by <> $1", [
    BACKLOG_REQUESTER,
  ]);
  const deleted = rowCount ?? 0;
  if (deleted < responses) throw new Error(`${responses} jobs were created, ${deleted} found`);
  await superuser.query("VACUUM (ANALYZE) export_jobs");
}
