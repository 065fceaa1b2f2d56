import { availableParallelism } from "node:os";

import { checkNodeVersion, createLifetime, createLogger } from "@docket/platform";
import { abortOnStop } from "@docket/stack";
import { argumentsOrExit } from "@docket/terminal";

import { benchmarkApi } from "./api/benchmark.ts";
import { parseArguments, type BenchmarkName } from "./arguments.ts";
import type { BenchmarkFigures, BenchmarkRun } from "./benchmark.ts";
import { benchmarkEvents } from "./events/benchmark.ts";
import { benchmarkExports } from "./exports/benchmark.ts";
import { benchmarkIngest } from "./ingest/benchmark.ts";
import { benchmarkSmallExports } from "./small/benchmark.ts";
import { benchmarkSummary } from "./summary/benchmark.ts";
import { benchmarkUploads } from "./uploads/benchmark.ts";

const BENCHMARKS = {
  exports: benchmarkExports,
  api: benchmarkApi,
  upload: benchmarkUploads,
  ingest: benchmarkIngest,
  summary: benchmarkSummary,
  events: benchmarkEvents,
  small: benchmarkSmallExports,
} satisfies Record<BenchmarkName, (run: BenchmarkRun) => Promise<BenchmarkFigures>>;

const print = (line = ""): void => void process.stdout.write(`${line}\n`);

const args = argumentsOrExit(process, parseArguments);
const signal = abortOnStop(process);

const interrupted = new Promise<never>((_, reject) => {
  signal.addEventListener("abort", () => reject(new Error("interrupted")));
});
// The signal may arrive before the race below begins.
interrupted.catch(() => undefined);

const logger = createLogger("docket-bench", "error");
checkNodeVersion(process, logger);
const lifetime = createLifetime(logger);
let exitCode = 0;
let figures: BenchmarkFigures = {};
try {
  print(`Node ${process.versions.node}, ${availableParallelism()} cores. Starting Postgres …`);
  const run = { ...args, lifetime, environment: process.env, print, signal };
  const finished = BENCHMARKS[args.benchmark](run);
  finished.catch(() => undefined);
  // A running SQL statement ignores the signal; it ends when `lifetime` stops Postgres.
  figures = await Promise.race([finished, interrupted]);
} catch (error) {
  exitCode = 1;
  const reason = signal.aborted ? "interrupted" : (error as Error).message;
  process.stderr.write(`The benchmark failed: ${reason}\n`);
}
await lifetime.close();
if (args.json && exitCode === 0) print(JSON.stringify(figures));
process.exit(exitCode);
