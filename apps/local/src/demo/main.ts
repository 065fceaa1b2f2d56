import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { runDemo } from "./run.ts";
import { followNpm, SIGNALS, STOP_MS } from "@docket/stack";

const stopping = new AbortController();
for (const signal of SIGNALS) process.on(signal, () => stopping.abort());
if (process.env["npm_lifecycle_event"] !== undefined) followNpm(process, () => stopping.abort());
stopping.signal.addEventListener("abort", () => {
  setTimeout(() => process.exit(1), STOP_MS);
});

const directory = mkdtempSync(join(tmpdir(), "docket-demo-"));
try {
  await runDemo({
    directory,
    environment: process.env,
    output: process.stdout,
    signal: stopping.signal,
  });
} catch (error) {
  const reason = stopping.signal.aborted ? "interrupted" : (error as Error).message;
  process.stderr.write(`The demo failed: ${reason}\n`);
  if (stopping.signal.aborted) rmSync(directory, { recursive: true, force: true });
  process.exit(1);
}
process.exit(0);
