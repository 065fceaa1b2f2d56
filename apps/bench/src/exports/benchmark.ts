import type { Format } from "@docket/domain";

import type { BenchmarkFigures, BenchmarkRun, ExportFigures } from "../benchmark.ts";
import { measureInPairs } from "../pairs.ts";
import { openSuperuser, startBenchStack, type BenchStack } from "../stack.ts";
import { figureAtMost, median, table } from "../table.ts";
import { openReferenceExport, type ReferenceExport } from "./reference.ts";
import { plainCopy, reportCopy } from "./report-sql.ts";
import { createExporter, type Exporter } from "./run-export.ts";
import { seedContext, type SeededContext } from "./seed.ts";

/** Printed beside the figures. A missed limit is not a failure, because machines differ. */
const LIMITS = {
  ratio: { CSV: 0.75, JSON: 0.85, XML: 0.95, NDJSON: 0.85 },
  rssMb: 230,
  postgresCpuSeconds: 3,
} as const;

const FORMATS = ["CSV", "JSON", "XML", "NDJSON"] as const satisfies readonly Format[];

const HEADER = [
  "format",
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
  const { print, signal, rows } = run;
  const stack = await startBenchStack(run);
  const small = await seed(run, stack, Math.ceil(rows / 10));
  const medium = await seed(run, stack, rows);
  const exporter = createExporter(stack, run);
  const reference = await openReferenceExport(stack.databaseUrl, signal);
  const bench = { run, stack, exporter, reference };
  print(`Reference: ${reference.name}. ${run.pairs} pairs each, medians.`);
  print();

  const timed: TimedFormat[] = [];
  for (const format of FORMATS) timed.push(await timeFormat(bench, format, medium));
  print(`MATCHED, ${rows.toLocaleString("en")} rows, RUNNING to SUCCEEDED:`);
  print(table([HEADER, ...timed.map(formatLine)]));
  print(
    `  Limits: ratio ${Object.values(LIMITS.ratio).join(", ")}; Postgres CPU ${LIMITS.postgresCpuSeconds} s per million CSV rows; RSS ${LIMITS.rssMb} MB`,
  );
  print();

  const contexts = [small, medium];
  if (run.big) contexts.push(await seed(run, stack, rows * 10));
  print("Peak memory of a fresh worker, XML:");
  print(table([["rows", "export s", "peak RSS MB"], ...(await memoryLines(bench, contexts))]));
  return { exports: timed.map(({ figures }) => figures) };
}

async function seed(run: BenchmarkRun, stack: BenchStack, rows: number): Promise<SeededContext> {
  run.signal.throwIfAborted();
  const superuser = openSuperuser(stack);
  try {
    const start = performance.now();
    const context = await seedContext(superuser, rows);
    const seconds = ((performance.now() - start) / 1_000).toFixed(0);
    run.print(`Seeded a context of ${rows.toLocaleString("en")} matched rows in ${seconds} s.`);
    return context;
  } finally {
    await superuser.close();
  }
}

type TimedFormat = {
  readonly figures: ExportFigures;
  readonly megabytes: number;
  /** The worker's own binary COPY. */
  readonly binarySeconds: number;
  readonly toBinary: number;
};

async function timeFormat(
  { run, stack, exporter, reference }: Bench,
  format: Format,
  context: SeededContext,
): Promise<TimedFormat> {
  const worker = await stack.startWorker();
  const pairs = await measureInPairs({
    ...run,
    subject: () => exporter(format, context, worker.pid),
    reference: async () => ({
      plain: await reference.measure(plainCopy(context)),
      binary: await reference.measure(reportCopy(context)),
    }),
    onPair: ({ subject, reference: { plain, binary } }, number) =>
      run.print(
        `  ${format} ${number}: export ${subject.seconds.toFixed(2)} s, plain CSV ${plain.toFixed(2)} s, binary COPY ${binary.toFixed(2)} s`,
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
      report: "MATCHED",
      format,
      rows: context.rows,
      seconds: medianOf(({ subject }) => subject.seconds),
      plainSeconds: medianOf((pair) => pair.reference.plain),
      ratio: medianOf((pair) => pair.subject.seconds / pair.reference.plain),
      rssMb: peaks.length === 0 ? null : Math.max(...peaks),
      workerCpuSeconds: medianIfKnown(({ subject }) => subject.cpuSeconds),
      postgresCpuSeconds: medianIfKnown(({ subject }) => subject.postgresCpuSeconds),
    },
    megabytes: pairs[0]!.subject.megabytes,
    binarySeconds: medianOf((pair) => pair.reference.binary),
    toBinary: medianOf((pair) => pair.subject.seconds / pair.reference.binary),
  };
}

function formatLine({ figures, megabytes, binarySeconds, toBinary }: TimedFormat): string[] {
  const { format, rows } = figures;
  const postgresCpu = format === "CSV" ? (LIMITS.postgresCpuSeconds * rows) / 1_000_000 : undefined;
  return [
    format,
    figures.seconds.toFixed(2),
    figures.plainSeconds.toFixed(2),
    figureAtMost(figures.ratio, 2, LIMITS.ratio[format as keyof typeof LIMITS.ratio]),
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
  contexts: readonly SeededContext[],
): Promise<string[][]> {
  const lines: string[][] = [];
  for (const context of contexts) {
    run.signal.throwIfAborted();
    const worker = await stack.startWorker();
    const { seconds, peakRssMb } = await exporter("XML", context, worker.pid);
    await worker.stop();
    const rss = figureAtMost(peakRssMb, 0, LIMITS.rssMb);
    lines.push([context.rows.toLocaleString("en"), figureAtMost(seconds, 2), rss]);
  }
  return lines;
}
