import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { followNpm, inHome, SIGNALS } from "@docket/stack";
import { UsageError } from "@docket/terminal";

import { parseArguments, type ChaosArguments } from "./arguments.ts";
import { runChaos } from "./run.ts";
import { summaryLines } from "./summary.ts";

const print = (line = ""): void => void process.stdout.write(`${line}\n`);

const args = argumentsOrExit();
const stopping = new AbortController();
for (const signal of SIGNALS) process.on(signal, () => stopping.abort());
if (process.env["npm_lifecycle_event"] !== undefined) followNpm(process, () => stopping.abort());

const home = await mkdtemp(join(tmpdir(), "docket-chaos-"));
// Started by root, Postgres runs as another user, who must be able to enter.
await chmod(home, 0o711);
let faults: readonly string[];
try {
  const { signal } = stopping;
  const result = await runChaos({ ...args, home, environment: process.env, print, signal });
  print();
  for (const line of summaryLines(result)) print(line);
  ({ faults } = result);
} catch (error) {
  const reason = stopping.signal.aborted ? "interrupted" : (error as Error).message;
  process.stderr.write(`The chaos run failed: ${reason}\n`);
  faults = [reason];
}
// After a failure, the logs are kept for the person who investigates it.
const keepLogs = faults.length > 0 && !stopping.signal.aborted;
const obsolete = keepLogs ? [inHome.postgres(home), inHome.objects(home)] : [home];
for (const path of obsolete) await rm(path, { recursive: true, force: true });
if (keepLogs) print(`Logs: ${inHome.logs(home)}`);
process.exit(faults.length > 0 ? 1 : 0);

function argumentsOrExit(): ChaosArguments {
  try {
    return parseArguments(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(2);
  }
}
