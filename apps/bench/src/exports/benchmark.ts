import { writeFile } from "node:fs/promises";

import type { BenchmarkFigures, BenchmarkRun } from "../benchmark.ts";
import { openSuperuser, startBenchStack, type BenchStack } from "../stack.ts";
import { figureAtMost, table } from "../table.ts";
import type { Bench } from "./bench.ts";
import { ratioChart } from "./chart.ts";
import { firstResultsLine } from "./first-results.ts";
import { openExportJobs } from "./jobs.ts";
import { KINDS, LIMITS, type ExportKind } from "./kind.ts";
import { openReferenceExport } from "./reference.ts";
import { createExporter } from "./run-export.ts";
import { seedCases } from "./seed-cases.ts";
import { seedContext, seedShuffledContext, type SeededContext } from "./seed.ts";
import { formatLine, HEADER, timeKind, type TimedFormat } from "./timed.ts";

/**
 * Compares exports with two COPYs whose output is discarded: the plain CSV SELECT that a person would write, and the worker's own
 * binary COPY, the fastest SQL for the same rows. Also measures the worker's memory at growing sizes.
 */
export async function benchmarkExports(run: BenchmarkRun): Promise<BenchmarkFigures> {
  const { print, signal, rows, chart } = run;
  // A path that cannot be written is found before the benchmark, not after it.
  if (chart !== undefined) await writeFile(chart, "", { flag: "a" });
  const stack = await startBenchStack(run);
  const small = await seed(run, stack, seedContext, Math.ceil(rows / 10));
  const medium = await seed(run, stack, seedContext, rows);
  const shuffled = await seed(run, stack, seedShuffledContext, rows);
  const cases = await seed(run, stack, seedCases, Math.ceil(rows / 4));
  const contextOf = ({ report, shuffled: isShuffled }: ExportKind): SeededContext => {
    if (report !== "MATCHED") return cases;
    return isShuffled ? shuffled : medium;
  };
  const jobs = openExportJobs(stack, run);
  const exporter = createExporter(stack, jobs);
  const reference = await openReferenceExport(stack.databaseUrl, signal);
  const bench = { run, stack, jobs, exporter, reference };
  print(`Reference: ${reference.name}. ${run.pairs} pairs each, medians.`);
  print();

  const timed: TimedFormat[] = [];
  for (const kind of KINDS) timed.push(await timeKind(bench, kind, contextOf(kind)));
  print(
    `MATCHED ${medium.rows.toLocaleString("en")} rows, the others ${cases.rows.toLocaleString("en")}, RUNNING to SUCCEEDED:`,
  );
  print(table([HEADER, ...timed.map(formatLine)]));
  print(
    `  Limits: ratio ${KINDS.map(({ maxRatio }) => maxRatio).join(", ")}; Postgres CPU ${LIMITS.postgresCpuSeconds} s per million CSV rows; RSS ${LIMITS.rssMb} MB`,
  );
  print();

  print(await firstResultsLine(bench, medium));
  print();

  const contexts = [small, medium];
  if (run.big) contexts.push(await seed(run, stack, seedContext, rows * 10));
  for (const format of ["XML", "XLSX"] as const) {
    print(`Peak memory of a fresh worker, ${format}:`);
    const lines = await memoryLines(bench, { report: "MATCHED", format }, contexts);
    print(table([["rows", "export s", "peak RSS MB"], ...lines]));
  }
  const figures = timed.map((each) => each.figures);
  if (chart !== undefined) await writeFile(chart, ratioChart(figures));
  return { exports: figures };
}

async function seed(
  run: BenchmarkRun,
  stack: BenchStack,
  fill: typeof seedContext,
  rows: number,
): Promise<SeededContext> {
  run.signal.throwIfAborted();
  const superuser = openSuperuser(stack);
  try {
    const start = performance.now();
    const context = await fill(superuser, rows);
    const seconds = ((performance.now() - start) / 1_000).toFixed(0);
    run.print(`Seeded a context of ${rows.toLocaleString("en")} rows in ${seconds} s.`);
    return context;
  } finally {
    await superuser.close();
  }
}

async function memoryLines(
  { run, stack, exporter }: Bench,
  kind: ExportKind,
  contexts: readonly SeededContext[],
): Promise<string[][]> {
  const lines: string[][] = [];
  for (const context of contexts) {
    run.signal.throwIfAborted();
    const worker = await stack.startWorker();
    const { seconds, peakRssMb } = await exporter(kind, context, worker.pid);
    await worker.stop();
    const rss = figureAtMost(peakRssMb, 0, LIMITS.rssMb);
    lines.push([context.rows.toLocaleString("en"), figureAtMost(seconds, 2), rss]);
  }
  return lines;
}
