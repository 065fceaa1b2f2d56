import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";

import { createLifetime, createLogger } from "@docket/platform";

import { followNpm, SIGNALS } from "../stopping.ts";
import { startBenchStack } from "./bench-stack.ts";
import { benchExports } from "./exports.ts";

const USAGE = "npm run bench [-- exports] [--big] [--rows N] [--pairs N]";
const say = (line = ""): void => void process.stdout.write(`${line}\n`);

const stopping = new AbortController();
for (const signal of SIGNALS) process.on(signal, () => stopping.abort());
if (process.env["npm_lifecycle_event"] !== undefined) followNpm(process, () => stopping.abort());

const interrupted = new Promise<never>((_, reject) => {
  stopping.signal.addEventListener("abort", () => reject(new Error("interrupted")));
});
// Nobody may be waiting for it yet.
interrupted.catch(() => undefined);

const { big, rows, pairs } = readArguments();
const lifetime = createLifetime(createLogger("docket-bench", "error"));
let exitCode = 0;
try {
  const { signal } = stopping;
  say(`Node ${process.versions.node}, ${availableParallelism()} cores. Starting Postgres …`);
  const stack = await startBenchStack(lifetime, say, signal);
  const done = benchExports({ stack, lifetime, rows, pairs, big, say, signal });
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

function readArguments(): { big: boolean; rows: number; pairs: number } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        big: { type: "boolean", default: false },
        rows: { type: "string", default: "1000000" },
        pairs: { type: "string", default: "5" },
      },
    });
    const wished = { rows: Number(values.rows), pairs: Number(values.pairs) };
    const whole = Object.values(wished).every((each) => Number.isInteger(each) && each > 0);
    if (!whole || positionals.some((each) => each !== "exports")) throw new Error("unknown wish");
    return { big: values.big, ...wished };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nUsage: ${USAGE}\n`);
    return process.exit(2);
  }
}
