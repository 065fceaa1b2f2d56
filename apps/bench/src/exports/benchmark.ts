import { writeFile } from "node:fs/promises";

import type { BenchmarkFigures, BenchmarkRun, ExportFigures } from "../benchmark.ts";
import { measureInPairs } from "../pairs.ts";
import { openSuperuser, startBenchStack, type BenchStack } from "../stack.ts";
import { figureAtMost, median, table } from "../table.ts";
import { ratioChart } from "./chart.ts";
import { nameOf, type ExportKind } from "./kind.ts";
import { openReferenceExport, type ReferenceExport } from "./reference.ts";
import { plainCopy, reportCopy } from "./report-sql.ts";
import { createExporter, type Exporter } from "./run-export.ts";
import { seedCases } from "./seed-cases.ts";
import { seedContext, seedShuffledContext, type SeededContext } from "./seed.ts";

/** Printed beside the figures. A missed limit is not a failure, because machines differ. */
const LIMITS = {
  rssMb: 230,
  postgresCpuSeconds: 3,
} as const;

/** What is exported, with the limit of its ratio. */
const KINDS: readonly (ExportKind & { readonly maxRatio: number })[] = [
  { report: "MATCHED", format: "CSV", maxRatio: 0.75 },
  { report: "MATCHED", format: "JSON", maxRatio: 0.85 },
  { report: "MATCHED", format: "XML", maxRatio: 0.95 },
  { report: "MATCHED", format: "NDJSON", maxRatio: 0.85 },
  { report: "MATCHED", format: "XLSX", maxRatio: 2 },
  { report: "MATCHED", format: "CSV", compression: "GZIP", maxRatio: 1.3 },
  { report: "MATCHED", format: "CSV", shuffled: true, maxRatio: 1.2 },
  { report: "UNMATCHED", format: "CSV", maxRatio: 1 },
  { report: "EXCEPTIONS", format: "CSV", maxRatio: 1 },
  { report: "VARIANCE", format: "CSV", maxRatio: 1 },
];

const HEADER = [
  "report and format",
  "export s",
  "plain s",
  "ratio",
  "binary s",
  "to binary",
  "file MB",
  "worker CPU s",
  "Postgres CPU s",
  "peak RSS MB",
];

type Bench = {
  readonly run: BenchmarkRun;
  readonly stack: BenchStack;
  readonly exporter: Exporter;
  readonly reference: ReferenceExport;
};

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
  const exporter = createExporter(stack, run);
  const reference = await openReferenceExport(stack.databaseUrl, signal);
  const bench = { run, stack, exporter, reference };
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

type TimedFormat = {
  readonly figures: ExportFigures;
  readonly maxRatio: number;
  readonly megabytes: number;
  /** The worker's own binary COPY. */
  readonly binarySeconds: number;
  readonly toBinary: number;
};

async function timeKind(
  { run, stack, exporter, reference }: Bench,
  { maxRatio, ...kind }: (typeof KINDS)[number],
  context: SeededContext,
): Promise<TimedFormat> {
  const worker = await stack.startWorker();
  const pairs = await measureInPairs({
    ...run,
    subject: () => exporter(kind, context, worker.pid),
    reference: async () => ({
      plain: await reference.measure(plainCopy(kind.report, context)),
      binary: await reference.measure(reportCopy(kind.report, context)),
    }),
    onPair: ({ subject, reference: { plain, binary } }, number) =>
      run.print(
        `  ${nameOf(kind)} ${number}: export ${subject.seconds.toFixed(2)} s, plain CSV ${plain.toFixed(2)} s, binary COPY ${binary.toFixed(2)} s`,
      ),
  });
  await worker.stop();

  type Pair = (typeof pairs)[number];
  const medianOf = (value: (pair: Pair) => number): number => median(pairs.map(value));
  const known = (value: (pair: Pair) => number | undefined): readonly number[] =>
    pairs.map(value).filter((figure) => figure !== undefined);
  const medianIfKnown = (value: (pair: Pair) => number | undefined): number | null =>
    known(value).length === 0 ? null : median(known(value));
  const peaks = known(({ subject }) => subject.peakRssMb);
  return {
    figures: {
      ...kind,
      rows: context.rows,
      seconds: medianOf(({ subject }) => subject.seconds),
      plainSeconds: medianOf((pair) => pair.reference.plain),
      ratio: medianOf((pair) => pair.subject.seconds / pair.reference.plain),
      rssMb: peaks.length === 0 ? null : Math.max(...peaks),
      workerCpuSeconds: medianIfKnown(({ subject }) => subject.cpuSeconds),
      postgresCpuSeconds: medianIfKnown(({ subject }) => subject.postgresCpuSeconds),
    },
    maxRatio,
    megabytes: pairs[0]!.subject.megabytes,
    binarySeconds: medianOf((pair) => pair.reference.binary),
    toBinary: medianOf((pair) => pair.subject.seconds / pair.reference.binary),
  };
}

function formatLine({
  figures,
  maxRatio,
  megabytes,
  binarySeconds,
  toBinary,
}: TimedFormat): string[] {
  const { rows } = figures;
  const name = nameOf(figures);
  const postgresCpu =
    name === "MATCHED CSV" ? (LIMITS.postgresCpuSeconds * rows) / 1_000_000 : undefined;
  return [
    name,
    figures.seconds.toFixed(2),
    figures.plainSeconds.toFixed(2),
    figureAtMost(figures.ratio, 2, maxRatio),
    binarySeconds.toFixed(2),
    toBinary.toFixed(2),
    megabytes.toFixed(0),
    figureAtMost(figures.workerCpuSeconds, 2),
    figureAtMost(figures.postgresCpuSeconds, 2, postgresCpu),
    figureAtMost(figures.rssMb, 0, LIMITS.rssMb),
  ];
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
