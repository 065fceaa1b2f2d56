import type { Format } from "@docket/domain";

import type { BenchmarkRun } from "../benchmark.ts";
import { measureInPairs } from "../pairs.ts";
import { openSuperuser, startBenchStack, type BenchStack } from "../stack.ts";
import { figureAtMost, median, table } from "../table.ts";
import { openReferenceExport, type ReferenceExport } from "./reference.ts";
import { plainCopy, reportCopy } from "./report-sql.ts";
import { createExporter, type Exporter } from "./run-export.ts";
import { seedContext, type SeededContext } from "./seed.ts";

/** Printed beside the figures. A missed limit is not a failure, because machines differ. */
const LIMITS = { toReference: 1.35, toPlain: 2.2, cpuSeconds: 2.5, rssMb: 250 } as const;

const FORMATS = ["CSV", "JSON", "XML"] as const satisfies readonly Format[];

const HEADER = [
  "format",
  "export s",
  "reference s",
  "ratio",
  "to plain CSV",
  "file MB",
  "worker CPU s",
  "peak RSS MB",
];

type Bench = {
  readonly run: BenchmarkRun;
  readonly stack: BenchStack;
  readonly exporter: Exporter;
  readonly reference: ReferenceExport;
};

/** Compares exports with a COPY of the same SELECT to nowhere, and measures the worker's memory at growing sizes. */
export async function benchmarkExports(run: BenchmarkRun): Promise<void> {
  const { print, signal, rows } = run;
  const stack = await startBenchStack(run);
  const small = await seed(run, stack, Math.ceil(rows / 10));
  const medium = await seed(run, stack, rows);
  const exporter = createExporter(stack, run);
  const reference = await openReferenceExport(stack.databaseUrl, signal);
  const bench = { run, stack, exporter, reference };
  print(`Reference: ${reference.name}. ${run.pairs} pairs each, medians.`);
  print();

  const lines: string[][] = [];
  for (const format of FORMATS) lines.push(await timeFormat(bench, format, medium));
  print(`MATCHED, ${rows.toLocaleString("en")} rows, RUNNING to SUCCEEDED:`);
  print(table([HEADER, ...lines]));
  print(
    `  Limits: ratio ${LIMITS.toReference}; to plain CSV ${LIMITS.toPlain} (JSON, XML); CPU ${LIMITS.cpuSeconds} s; RSS ${LIMITS.rssMb} MB`,
  );
  print();

  const contexts = [small, medium];
  if (run.big) contexts.push(await seed(run, stack, rows * 10));
  print("Peak memory of a fresh worker, XML:");
  print(table([["rows", "export s", "peak RSS MB"], ...(await memoryLines(bench, contexts))]));
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

async function timeFormat(
  { run, stack, exporter, reference }: Bench,
  format: Format,
  context: SeededContext,
): Promise<string[]> {
  const worker = await stack.startWorker();
  const pairs = await measureInPairs({
    ...run,
    subject: () => exporter(format, context, worker.pid),
    reference: async () => ({
      same: await reference.measure(reportCopy(context)),
      plain: await reference.measure(plainCopy(context)),
    }),
    onPair: ({ subject, reference: { same, plain } }, number) =>
      run.print(
        `  ${format} ${number}: export ${subject.seconds.toFixed(2)} s, reference ${same.toFixed(2)} s, plain CSV ${plain.toFixed(2)} s`,
      ),
  });
  await worker.stop();

  type Pair = (typeof pairs)[number];
  const medianOf = (value: (pair: Pair) => number): number => median(pairs.map(value));
  const cpu = pairs.flatMap(({ subject }) => subject.cpuSeconds ?? []);
  const rss = pairs.flatMap(({ subject }) => subject.peakRssMb ?? []);
  const toReference = medianOf((pair) => pair.subject.seconds / pair.reference.same);
  const toPlain = medianOf((pair) => pair.subject.seconds / pair.reference.plain);
  return [
    format,
    figureAtMost(
      medianOf(({ subject }) => subject.seconds),
      2,
    ),
    figureAtMost(
      medianOf((pair) => pair.reference.same),
      2,
    ),
    figureAtMost(toReference, 2, LIMITS.toReference),
    figureAtMost(toPlain, 2, format === "CSV" ? undefined : LIMITS.toPlain),
    figureAtMost(pairs[0]!.subject.megabytes, 0),
    figureAtMost(cpu.length === 0 ? undefined : median(cpu), 2, LIMITS.cpuSeconds),
    figureAtMost(rss.length === 0 ? undefined : Math.max(...rss), 0, LIMITS.rssMb),
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
