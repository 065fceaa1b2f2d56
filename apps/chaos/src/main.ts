import { rm } from "node:fs/promises";

import { abortOnStop, createTemporaryHome, homePaths } from "@docket/stack";
import { argumentsOrExit } from "@docket/terminal";

import { parseArguments } from "./arguments.ts";
import { runChaos, type ChaosOptions } from "./run.ts";
import { summaryLines } from "./summary.ts";
import { runWebhookChaos, type WebhookChaosOptions } from "./webhooks/run.ts";
import { webhookSummaryLines } from "./webhooks/summary.ts";

type Outcome = { readonly faults: readonly string[]; readonly lines: readonly string[] };

const print = (line = ""): void => void process.stdout.write(`${line}\n`);

const args = argumentsOrExit(process, parseArguments);
const signal = abortOnStop(process);

const home = await createTemporaryHome("chaos");
let faults: readonly string[];
try {
  const options = { ...args, home, environment: process.env, print, signal, outageMs: 60_000 };
  const result = args.webhooks ? await runWebhooks(options) : await runExports(options);
  print();
  for (const line of result.lines) print(line);
  ({ faults } = result);
} catch (error) {
  const reason = signal.aborted ? "interrupted" : (error as Error).message;
  process.stderr.write(`The chaos run failed: ${reason}\n`);
  faults = [reason];
}
// After a failure, the logs are kept for the person who investigates it.
const keepLogs = faults.length > 0 && !signal.aborted;
const obsolete = keepLogs ? [homePaths.postgres(home), homePaths.objects(home)] : [home];
for (const path of obsolete) await rm(path, { recursive: true, force: true });
if (keepLogs) print(`Logs: ${homePaths.logs(home)}`);
process.exit(faults.length > 0 ? 1 : 0);

async function runExports(options: ChaosOptions): Promise<Outcome> {
  const result = await runChaos(options);
  return { faults: result.faults, lines: summaryLines(result) };
}

async function runWebhooks(options: WebhookChaosOptions): Promise<Outcome> {
  const result = await runWebhookChaos(options);
  return { faults: result.faults, lines: webhookSummaryLines(result) };
}
