import type { ExportFigures } from "../benchmark.ts";
import { measureInPairs } from "../pairs.ts";
import { figureAtMost, median } from "../table.ts";
import type { Bench } from "./bench.ts";
import { LIMITS, nameOf, type KINDS } from "./kind.ts";
import { plainCopy, reportCopy } from "./report-sql.ts";
import type { SeededContext } from "./seed.ts";

export const HEADER = [
  "report and format",
  "rows",
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

export type TimedFormat = {
  readonly figures: ExportFigures;
  readonly maxRatio: number;
  readonly megabytes: number;
  /** The worker's own binary COPY. */
  readonly binarySeconds: number;
  readonly toBinary: number;
};

export async function timeKind(
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

export function formatLine({
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
    rows.toLocaleString("en"),
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
