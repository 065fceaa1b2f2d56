import { setTimeout as sleep } from "node:timers/promises";

import { addDays } from "@docket/domain";
import { createLifetime, createLogger } from "@docket/platform";

import type { ExportJob } from "@docket/client";
import { createRandom } from "@docket/demo-data";
import type { Environment } from "@docket/stack";
import { startChaosStack, type ChaosStack } from "./chaos-stack.ts";
import { checkFile } from "./files.ts";
import { takeInventory, type Inventory } from "./inventory.ts";
import { killWorkers, type Killed } from "./kills.ts";

export type ChaosOptions = {
  /** An empty directory; the caller removes it. */
  readonly home: string;
  readonly environment: Environment;
  readonly kills: number;
  readonly jobs: number;
  readonly workers: number;
  readonly seed: number;
  readonly say: (line?: string) => void;
  readonly signal: AbortSignal;
};

export type ChaosResult = Killed & {
  readonly jobs: readonly ExportJob[];
  readonly inventory: Inventory;
  /** What the last kill left in the bucket beside jobs' files. */
  readonly unfinishedAtFirst: number;
  /** From the last kill until all had ended and nothing was without an owner, or we gave up. */
  readonly cleanAfterMs: number;
  /** What does not hold, a sentence each; none when all is well. */
  readonly faults: readonly string[];
};

/** Long files in several parts, and a short one in a single request. */
const ORDERS = [
  { reportType: "MATCHED", format: "CSV" },
  { reportType: "MATCHED", format: "JSON" },
  { reportType: "MATCHED", format: "XML" },
  { reportType: "UNMATCHED", format: "CSV" },
] as const;

/** The contract's minute for what lost workers leave. */
const CLEAN_MS = 60_000;
/** For the jobs themselves: they wait for a lease, a delivery, and each other. */
const DONE_MS = 180_000;

/** Starts a stack, orders exports, kills their workers, and looks at what has become of everything. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const lifetime = createLifetime(createLogger("docket-chaos", "error"));
  try {
    const stack = await startChaosStack({ ...options, log: () => undefined }, lifetime);
    return await hurt(stack, options);
  } finally {
    await lifetime.close();
  }
}

async function hurt(stack: ChaosStack, options: ChaosOptions): Promise<ChaosResult> {
  const { kills, jobs, seed, say, signal } = options;
  const random = createRandom(seed);
  say(`${jobs} jobs, ${stack.workers.length} workers, ${kills} kills, seed ${seed}`);
  const dateTo = addDays(new Date().toISOString().slice(0, 10), 1);
  for (let job = 0; job < jobs; job += 1) {
    const order = { ...ORDERS[job % ORDERS.length]!, dateFrom: addDays(dateTo, -365), dateTo };
    await stack.client.orderExport(stack.contextId, order);
  }
  const killed = await killWorkers({ stack, kills, jobs, random, say, signal });
  const lastKill = performance.now();
  const { unfinished } = await takeInventory(stack);

  const ended = await untilEnded(stack, lastKill + DONE_MS, signal);
  const { inventory, after } = await untilClean(stack, lastKill, signal);
  const faults = [
    ...stateFaults(ended, inventory, after),
    ...(await fileFaults(stack, ended, signal)),
  ];
  if (killed.hits * 2 < kills) faults.push(`only ${killed.hits} of ${kills} kills hit an export`);
  return {
    ...killed,
    jobs: ended,
    inventory,
    unfinishedAtFirst: unfinished,
    cleanAfterMs: after,
    faults,
  };
}

async function untilEnded(
  { client, contextId }: ChaosStack,
  deadline: number,
  signal: AbortSignal,
): Promise<readonly ExportJob[]> {
  for (;;) {
    const jobs = await client.exportJobs(contextId);
    const open = jobs.some(({ status }) => status === "QUEUED" || status === "RUNNING");
    if (!open || performance.now() > deadline) return jobs;
    await sleep(500, undefined, { signal });
  }
}

async function untilClean(
  stack: ChaosStack,
  since: number,
  signal: AbortSignal,
): Promise<{ readonly inventory: Inventory; readonly after: number }> {
  for (;;) {
    const inventory = await takeInventory(stack);
    const after = performance.now() - since;
    const clean = inventory.orphans.length === 0 && inventory.strayNotes.length === 0;
    if (clean || after > CLEAN_MS) return { inventory, after };
    await sleep(500, undefined, { signal });
  }
}

function stateFaults(
  jobs: readonly ExportJob[],
  { orphans, missing, strayNotes }: Inventory,
  after: number,
): string[] {
  const still = `still there ${Math.round(after / 1_000)} s after the last kill`;
  return [
    ...jobs
      .filter(({ status }) => status !== "SUCCEEDED")
      .map(({ id, status, error }) => `job ${id} is ${status} ${error ?? ""}`.trimEnd()),
    ...jobs
      .filter(({ attempts }) => attempts > 0)
      .map(({ id, attempts }) => `job ${id} used up ${attempts} attempts`),
    ...orphans.map((key) => `${key} has no owner and is ${still}`),
    ...strayNotes.map((key) => `the note of ${key} has no owner and is ${still}`),
    ...missing.map((key) => `${key} is named by a row and is not there`),
  ];
}

async function fileFaults(
  { client }: ChaosStack,
  jobs: readonly ExportJob[],
  signal: AbortSignal,
): Promise<string[]> {
  const faults: string[] = [];
  const digests = new Map<string, string | undefined>();
  for (const job of jobs.filter(({ status }) => status === "SUCCEEDED")) {
    const found = await checkFile(client, job, signal);
    // Exports of unchanged data are equal byte for byte.
    const kind = `${job.reportType} ${job.format}`;
    if (!digests.has(kind)) digests.set(kind, job.sha256);
    if (digests.get(kind) !== job.sha256) found.push(`its file differs from another ${kind}`);
    faults.push(...found.map((fault) => `job ${job.id}: ${fault}`));
  }
  return faults;
}
