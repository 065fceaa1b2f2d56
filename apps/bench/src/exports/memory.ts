import { figureAtMost, table } from "../table.ts";
import type { Bench } from "./bench.ts";
import { LIMITS } from "./kind.ts";

/** Exports growing contexts, each by a fresh worker, and prints the worker's peak memory. */
export async function printPeakMemory(bench: Bench): Promise<void> {
  const { rows, big, print } = bench.run;
  const sizes = [Math.ceil(rows / 10), rows, ...(big ? [rows * 10] : [])];
  for (const format of ["XML", "XLSX"] as const) {
    print(`Peak memory of a fresh worker, ${format}:`);
    const lines: string[][] = [];
    for (const size of sizes) lines.push(await memoryLine(bench, format, size));
    print(table([["rows", "export s", "peak RSS MB"], ...lines]));
  }
}

async function memoryLine(
  { run, stack, contexts, exporter }: Bench,
  format: "XML" | "XLSX",
  rows: number,
): Promise<string[]> {
  run.signal.throwIfAborted();
  const context = await contexts.matched(rows);
  const worker = await stack.startWorker();
  const { seconds, peakRssMb } = await exporter({ report: "MATCHED", format }, context, worker.pid);
  await worker.stop();
  return [
    context.rows.toLocaleString("en"),
    figureAtMost(seconds, 2),
    figureAtMost(peakRssMb, 0, LIMITS.rssMb),
  ];
}
