import { availableParallelism } from "node:os";

import { createLifetime, createLogger } from "@docket/platform";

import { abortOnStop } from "@docket/stack";
import { UsageError } from "@docket/terminal";
import { benchApi } from "./api.ts";
import type { BenchRun } from "./bench.ts";
import { benchExports } from "./exports.ts";
import { benchIngest } from "./ingest.ts";
import { benchUpload } from "./upload.ts";
import { readWishes, type BenchName, type Wishes } from "./wishes.ts";

const BENCHES = {
  exports: benchExports,
  api: benchApi,
  upload: benchUpload,
  ingest: benchIngest,
} satisfies Record<BenchName, (run: BenchRun) => Promise<void>>;

const say = (line = ""): void => void process.stdout.write(`${line}\n`);

const signal = abortOnStop(process);

const interrupted = new Promise<never>((_, reject) => {
  signal.addEventListener("abort", () => reject(new Error("interrupted")));
});
// Nobody may be waiting for it yet.
interrupted.catch(() => undefined);

const wishes = readArguments();
const lifetime = createLifetime(createLogger("docket-bench", "error"));
let exitCode = 0;
try {
  say(`Node ${process.versions.node}, ${availableParallelism()} cores. Starting Postgres …`);
  const run = { ...wishes, lifetime, environment: process.env, say, signal };
  const done = BENCHES[wishes.bench](run);
  // A statement that runs in Postgres hears no signal: it ends with the server, below.
  done.catch(() => undefined);
  await Promise.race([done, interrupted]);
} catch (error) {
  exitCode = 1;
  const reason = signal.aborted ? "interrupted" : (error as Error).message;
  process.stderr.write(`The benchmark failed: ${reason}\n`);
}
await lifetime.close();
process.exit(exitCode);

function readArguments(): Wishes {
  try {
    return readWishes(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(2);
  }
}
