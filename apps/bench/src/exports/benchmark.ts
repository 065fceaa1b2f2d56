import { writeFile } from "node:fs/promises";

import type { BenchmarkFigures, BenchmarkRun } from "../benchmark.ts";
import { startBenchStack } from "../stack.ts";
import { table } from "../table.ts";
import type { Bench } from "./bench.ts";
import { ratioChart } from "./chart.ts";
import { openContexts } from "./contexts.ts";
import { firstResultsLine } from "./first-results.ts";
import { openExportJobs } from "./jobs.ts";
import { KINDS, LIMITS, nameOf } from "./kind.ts";
import { printPeakMemory } from "./memory.ts";
import { openReferenceExport } from "./reference.ts";
import { createExporter } from "./run-export.ts";
import { formatLine, HEADER, timeKind, type TimedFormat } from "./timed.ts";

/**
 * Compares exports with two COPYs whose output is discarded: the plain CSV SELECT that a person would write, and the worker's own
 * binary COPY, the fastest SQL for the same rows. Also measures first results and the worker's memory at growing sizes, except
 * with `--only`.
 */
export async function benchmarkExports(run: BenchmarkRun): Promise<BenchmarkFigures> {
  const { print, signal, chart, only } = run;
  // A path that cannot be written is found before the benchmark, not after it.
  if (chart !== undefined) await writeFile(chart, "", { flag: "a" });
  const stack = await startBenchStack(run);
  const contexts = openContexts(run, stack);
  const jobs = openExportJobs(stack, run);
  const exporter = createExporter(stack, jobs);
  const reference = await openReferenceExport(stack.databaseUrl, signal);
  const bench = { run, stack, contexts, jobs, exporter, reference };
  print(`Reference: ${reference.name}. ${run.pairs} pairs each, medians.`);
  print();

  const timed = await timeKinds(bench);
  if (only.length === 0) {
    print(await firstResultsLine(bench, await contexts.matched(run.rows)));
    print();
    await printPeakMemory(bench);
  }
  const figures = timed.map((each) => each.figures);
  if (chart !== undefined) await writeFile(chart, ratioChart(figures));
  return { exports: figures };
}

async function timeKinds(bench: Bench): Promise<readonly TimedFormat[]> {
  const { print, only } = bench.run;
  const kinds = KINDS.filter((kind) => only.length === 0 || only.includes(nameOf(kind)));
  // Fills all contexts before the first measurement, so that the tables have the same size for every kind.
  for (const kind of kinds) await bench.contexts.of(kind);

  const timed: TimedFormat[] = [];
  for (const kind of kinds) timed.push(await timeKind(bench, kind, await bench.contexts.of(kind)));
  print("RUNNING to SUCCEEDED:");
  print(table([HEADER, ...timed.map(formatLine)]));
  print(
    `  Limits: ratio ${kinds.map(({ maxRatio }) => maxRatio).join(", ")}; Postgres CPU ${LIMITS.postgresCpuSeconds} s per million CSV rows; RSS ${LIMITS.rssMb} MB`,
  );
  print();
  return timed;
}
