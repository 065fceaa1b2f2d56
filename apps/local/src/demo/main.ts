import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { abortOnStop, STOP_TIMEOUT_MS } from "@docket/stack";

import { runDemo } from "./run.ts";

const signal = abortOnStop(process);
signal.addEventListener("abort", () => {
  setTimeout(() => process.exit(1), STOP_TIMEOUT_MS);
});

const directory = mkdtempSync(join(tmpdir(), "docket-demo-"));
try {
  await runDemo({ directory, environment: process.env, output: process.stdout, signal });
} catch (error) {
  const reason = signal.aborted ? "interrupted" : (error as Error).message;
  process.stderr.write(`The demo failed: ${reason}\n`);
  if (signal.aborted) rmSync(directory, { recursive: true, force: true });
  process.exit(1);
}
process.exit(0);
