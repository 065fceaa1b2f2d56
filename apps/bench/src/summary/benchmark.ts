import { measureThroughput } from "../api/http-load.ts";
import type { BenchmarkFigures, BenchmarkRun } from "../benchmark.ts";
import { seedContext } from "../exports/seed.ts";
import { openSuperuser, startBenchStack } from "../stack.ts";
import { figureAtMost, table } from "../table.ts";

/** docs/api.md §8, "Summary", and the counts of a context. Printed beside the figures; a missed limit is not a failure. */
const MAX_P99_MS = 100;
const CONNECTIONS = 16;
const WARM_UP_SECONDS = 2;

/** Measures what is read from the counters of a context with many transactions. There is no reference: the time must not grow with the rows. */
export async function benchmarkSummary(run: BenchmarkRun): Promise<BenchmarkFigures> {
  const { print, rows, seconds, signal } = run;
  const stack = await startBenchStack(run);
  const superuser = openSuperuser(stack);
  const { contextId, dateFrom, dateTo } = await seedContext(superuser, rows);
  await superuser.close();
  const api = await stack.startApi();
  print(
    `${rows.toLocaleString("en")} transactions, ${CONNECTIONS} connections, ${seconds} s each.`,
  );

  const context = `/v1/contexts/${contextId}`;
  const calls = {
    "summary of a quarter": `${context}/summary?dateFrom=${dateFrom}&dateTo=${dateTo}`,
    "summary of a year": `${context}/summary?dateFrom=2026-01-01&dateTo=2026-12-31`,
    "GET a context": context,
  };
  const lines = [["call", "requests/s", "p99 ms"]];
  for (const [name, path] of Object.entries(calls)) {
    const load = {
      address: api.address,
      paths: [path],
      headers: { authorization: `Bearer ${stack.token}` },
      connections: CONNECTIONS,
    };
    await measureThroughput({ ...load, seconds: WARM_UP_SECONDS }, signal);
    const { perSecond, p99Ms } = await measureThroughput({ ...load, seconds }, signal);
    lines.push([name, perSecond.toFixed(0), figureAtMost(p99Ms, 0, MAX_P99_MS)]);
  }
  print(table(lines));
  return {};
}
