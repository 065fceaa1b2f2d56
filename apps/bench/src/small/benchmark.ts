import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import type { Database } from "@docket/platform/database";

import type { BenchmarkFigures, BenchmarkRun } from "../benchmark.ts";
import { openSuperuser, startBenchStack, type BenchApi } from "../stack.ts";
import { figureAtMost, percentile } from "../table.ts";

/** For p50. Printed beside the figures; a missed goal is not a failure, because machines differ. */
const GOAL_MS = { redis: 50, postgres: 80 } as const;

const WORKERS = 2;
const EXPORTS = 500;
const ROWS = 1_000;
/** In the first one, much of the CPU time goes into compiling the code of the processes. */
const ROUNDS = 3;
const CREATES_AT_ONCE = 32;

const EMPTY_EXPORTS = 100;
const WARM_UP_EXPORTS = 20;
/** The longest pause before an empty export. Pauses are random, so that they do not coincide with the timers of the worker. */
const SPREAD_MS = 120;

const TIMEOUT_MS = 120_000;

const FULL = { dateFrom: "2026-01-01", dateTo: "2026-01-31" } as const;
const EMPTY = { dateFrom: "2020-01-01", dateTo: "2020-01-31" } as const;

/** Measures how many small exports finish in a second, and how long one takes that has no rows. */
export async function benchmarkSmallExports(run: BenchmarkRun): Promise<BenchmarkFigures> {
  const { print, signal } = run;
  // Each request of the client adds a listener to the signal.
  setMaxListeners(CREATES_AT_ONCE + 10, signal);
  const stack = await startBenchStack(run, { queueUrl: run.environment["QUEUE_URL"] });
  const api = await stack.startApi();
  for (let n = 0; n < WORKERS; n += 1) await stack.startWorker({ EXPORT_CONCURRENCY: "2" });
  const superuser = openSuperuser(stack);
  run.lifetime.onClose("superuser", superuser.close);
  const contextId = await seed(api);
  const { protocol } = new URL(stack.queueUrl);
  print(`Queue: ${protocol}//. ${WORKERS} workers that run two exports at a time.`);
  print();

  for (let n = 0; n < WARM_UP_EXPORTS + EMPTY_EXPORTS; n += 1) {
    await sleep(Math.random() * SPREAD_MS, undefined, { signal });
    await order(api, contextId, EMPTY);
    await waitForFinished(superuser, n + 1, signal);
  }
  const latencies = await latenciesAfterWarmUp(superuser);
  const goal = protocol.startsWith("redis") ? GOAL_MS.redis : GOAL_MS.postgres;
  print(
    `An export without rows, from its creation to SUCCEEDED: p50 ${figureAtMost(percentile(latencies, 0.5), 0, goal)} ms, p99 ${percentile(latencies, 0.99).toFixed(0)} ms. Goal for p50: ${goal} ms`,
  );

  const before = WARM_UP_EXPORTS + EMPTY_EXPORTS;
  print(`${EXPORTS} exports of ${ROWS} rows, ordered over ${CREATES_AT_ONCE} connections:`);
  for (let round = 1; round <= ROUNDS; round += 1) {
    const start = performance.now();
    await orderMany(api, contextId);
    await waitForFinished(superuser, before + round * EXPORTS, signal);
    const seconds = (performance.now() - start) / 1_000;
    print(`  round ${round}: ${(EXPORTS / seconds).toFixed(1)} exports/s`);
  }
  return {};
}

/** A context with {@link ROWS} unmatched transactions. */
async function seed({ client }: BenchApi): Promise<string> {
  const { id } = await client.contexts.create({ name: "Bench" });
  await client.sources.create(id, { name: "Bank", type: "BANK", side: "LEFT" });
  const transactions = Array.from({ length: ROWS }, (_, n) => ({
    source: "Bank",
    externalId: `T${n}`,
    amount: `${n}.50`,
    currency: "EUR",
    date: FULL.dateFrom,
  }));
  await client.records.push(id, "transactions", transactions);
  return id;
}

async function order(
  { client }: BenchApi,
  contextId: string,
  range: { readonly dateFrom: string; readonly dateTo: string },
): Promise<void> {
  await client.exportJobs.create(contextId, { reportType: "UNMATCHED", format: "CSV", ...range });
}

async function orderMany(api: BenchApi, contextId: string): Promise<void> {
  let left = EXPORTS;
  const orderNext = async (): Promise<void> => {
    while (left-- > 0) await order(api, contextId, FULL);
  };
  await Promise.all(Array.from({ length: CREATES_AT_ONCE }, orderNext));
}

/** Waits until `count` exports have SUCCEEDED. @throws Error if one fails, or after two minutes. */
async function waitForFinished(
  { pool }: Database,
  count: number,
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + TIMEOUT_MS;
  for (;;) {
    const { rows } = await pool.query<{ finished: number; failed: number }>(
      `SELECT count(*) FILTER (WHERE status = 'SUCCEEDED')::int AS finished,
              count(*) FILTER (WHERE status = 'FAILED')::int AS failed FROM export_jobs`,
    );
    const { finished, failed } = rows[0]!;
    if (finished === count) return;
    if (failed > 0 || performance.now() > deadline)
      throw new Error(`${finished} of ${count} exports SUCCEEDED, ${failed} FAILED`);
    await sleep(10, undefined, { signal });
  }
}

/** Of the exports so far: milliseconds, by the database's clock. */
async function latenciesAfterWarmUp({ pool }: Database): Promise<readonly number[]> {
  const { rows } = await pool.query<{ ms: number }>(
    "SELECT extract(epoch FROM finished_at - created_at)::float8 * 1000 AS ms FROM export_jobs ORDER BY created_at OFFSET $1",
    [WARM_UP_EXPORTS],
  );
  return rows.map(({ ms }) => ms);
}
