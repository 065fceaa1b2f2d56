import { asSuperuser, startBenchStack, type BenchStack } from "./bench-stack.ts";
import type { BenchRun } from "./bench.ts";
import { inPairs } from "./pairs.ts";
import { openReference, type Reference } from "./reference.ts";
import { plainCopy, workersCopy } from "./report-sql.ts";
import { createExporter, type Exporter } from "./run-export.ts";
import { seedContext, type Scene } from "./seed.ts";
import { figure, median, table } from "./table.ts";

type ExportBench = BenchRun & { readonly stack: BenchStack };

/** What the issue allows; printed beside the figures, and nothing fails by it: machines differ. */
const LIMITS = { toReference: 1.35, toPlain: 2.2, cpuSeconds: 2.5, rssMb: 250 } as const;

const FORMATS = ["CSV", "JSON", "XML"] as const;

/** Exports beside the COPY of the same SELECT to nowhere, and the worker's memory at growing sizes. */
export async function benchExports(run: BenchRun): Promise<void> {
  const { say } = run;
  const stack = await startBenchStack(run.lifetime, say, run.signal);
  const bench = { ...run, stack };
  const seed = async (rows: number): Promise<Scene> => {
    bench.signal.throwIfAborted();
    const began = performance.now();
    const scene = await asSuperuser(stack, (superuser) => seedContext(superuser, rows));
    const seconds = ((performance.now() - began) / 1_000).toFixed(0);
    say(`Seeded a context of ${rows.toLocaleString("en")} matched rows in ${seconds} s.`);
    return scene;
  };
  const scenes = [await seed(Math.ceil(bench.rows / 10)), await seed(bench.rows)];
  const exporter = createExporter(stack, bench.lifetime, bench.signal);
  const reference = await openReference(stack.databaseUrl, bench.signal);
  say(`Reference: ${reference.name}. ${bench.pairs} pairs each, medians.`);
  say();

  const lines: string[][] = [];
  for (const format of FORMATS) {
    lines.push(await timeFormat(bench, { format, scene: scenes[1]!, exporter, reference }));
  }
  say(`MATCHED, ${bench.rows.toLocaleString("en")} rows, RUNNING to SUCCEEDED:`);
  say(table([HEADER, ...lines]));
  say(
    `  Limits: ratio ${LIMITS.toReference}; to plain CSV ${LIMITS.toPlain} (JSON, XML); CPU ${LIMITS.cpuSeconds} s; RSS ${LIMITS.rssMb} MB`,
  );
  say();

  if (bench.big) scenes.push(await seed(bench.rows * 10));
  say("Peak memory of a fresh worker, XML:");
  say(
    table([["rows", "export s", "peak RSS MB"], ...(await memoryLines(bench, scenes, exporter))]),
  );
}

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

type Timing = {
  readonly format: string;
  readonly scene: Scene;
  readonly exporter: Exporter;
  readonly reference: Reference;
};

/** Each pair is an export and its references, one right after the other; who is first alternates. */
async function timeFormat(bench: ExportBench, timing: Timing): Promise<string[]> {
  const { format, scene, exporter, reference } = timing;
  const rendering = await workersCopy(format, scene);
  const plain = plainCopy(scene);
  const worker = await bench.stack.startWorker();
  const found = await inPairs({
    ...bench,
    ours: () => exporter(format, scene, worker.pid),
    theirs: async () => ({
      same: await reference.seconds(scene.tenantId, rendering),
      plain: await reference.seconds(scene.tenantId, plain),
    }),
    each: ({ ours, theirs }, pair) =>
      bench.say(
        `  ${format} ${pair}: export ${ours.seconds.toFixed(2)} s, reference ${theirs.same.toFixed(2)} s, plain CSV ${theirs.plain.toFixed(2)} s`,
      ),
  });
  await worker.stop();

  const exported = found.map(({ ours }) => ours);
  const middle = (of: (each: (typeof found)[number]) => number): number => median(found.map(of));
  const cpu = exported.map(({ cpuSeconds }) => cpuSeconds).filter((each) => each !== undefined);
  const rss = exported.map(({ peakRssMb }) => peakRssMb).filter((each) => each !== undefined);
  return [
    format,
    figure(median(exported.map(({ seconds }) => seconds)), 2),
    figure(median(found.map(({ theirs }) => theirs.same)), 2),
    figure(
      middle(({ ours, theirs }) => ours.seconds / theirs.same),
      2,
      LIMITS.toReference,
    ),
    figure(
      middle(({ ours, theirs }) => ours.seconds / theirs.plain),
      2,
      format === "CSV" ? undefined : LIMITS.toPlain,
    ),
    figure(exported[0]!.megabytes, 0),
    figure(cpu.length === 0 ? undefined : median(cpu), 2, LIMITS.cpuSeconds),
    figure(rss.length === 0 ? undefined : Math.max(...rss), 0, LIMITS.rssMb),
  ];
}

async function memoryLines(
  bench: ExportBench,
  scenes: readonly Scene[],
  exporter: Exporter,
): Promise<string[][]> {
  const lines: string[][] = [];
  for (const scene of scenes) {
    bench.signal.throwIfAborted();
    const worker = await bench.stack.startWorker();
    const { seconds, peakRssMb } = await exporter("XML", scene, worker.pid);
    await worker.stop();
    const rss = figure(peakRssMb, 0, LIMITS.rssMb);
    lines.push([scene.rows.toLocaleString("en"), figure(seconds, 2), rss]);
  }
  return lines;
}
