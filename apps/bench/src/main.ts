import { availableParallelism } from "node:os";

import { checkNodeVersion, createLifetime, createLogger } from "@docket/platform";

import { followNpm, SIGNALS } from "@docket/stack";
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

const stopping = new AbortController();
for (const signal of SIGNALS) process.on(signal, () => stopping.abort());
if (process.env["npm_lifecycle_event"] !== undefined) followNpm(process, () => stopping.abort());

const interrupted = new Promise<never>((_, reject) => {
  stopping.signal.addEventListener("abort", () => reject(new Error("interrupted")));
});
// Nobody may be waiting for it yet.
interrupted.catch(() => undefined);

const wishes = readArguments();
const logger = createLogger("docket-bench", "error");
checkNodeVersion(process, logger);
const lifetime = createLifetime(logger);
let exitCode = 0;
try {
  const { signal } = stopping;
  say(`Node ${process.versions.node}, ${availableParallelism()} cores. Starting Postgres …`);
  const run = { ...wishes, lifetime, environment: process.env, say, signal };
  const done = BENCHES[wishes.bench](run);
  // A statement that runs in Postgres hears no signal: it ends with the server, below.
  done.catch(() => undefined);
  await Promise.race([done, interrupted]);
} catch (error) {
  exitCode = 1;
  const reason = stopping.signal.aborted ? "interrupted" : (error as Error).message;
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
