import { setTimeout as sleep } from "node:timers/promises";

import type { ExportJob } from "@docket/client";
import { createRandom } from "@docket/demo-data";
import { addDays } from "@docket/domain";
import { createLifetime, createLogger } from "@docket/platform";
import type { Environment } from "@docket/stack";

import type { ChaosArguments } from "./arguments.ts";
import { findFileFaults, findStateFaults } from "./faults.ts";
import { takeInventory, type Inventory } from "./inventory.ts";
import { killWorkers, type KillResult } from "./kill-workers.ts";
import { startChaosStack, type ChaosStack } from "./stack.ts";

export type ChaosOptions = Omit<ChaosArguments, "events" | "webhooks"> & {
  /** An empty directory; the caller removes it. */
  readonly home: string;
  readonly environment: Environment;
  readonly print: (line?: string) => void;
  readonly signal: AbortSignal;
};

export type ChaosResult = KillResult & {
  readonly jobs: readonly ExportJob[];
  readonly inventory: Inventory;
  readonly extraObjectsAtLastKill: number;
  /** From the last kill until nothing was left without an owner, or until the run gave up. */
  readonly cleanAfterMs: number;
  /** One sentence per failed check. */
  readonly faults: readonly string[];
};

/** Large files, uploaded in parts, and a small one, uploaded in a single request. */
const REQUESTS = [
  { reportType: "MATCHED", format: "CSV" },
  { reportType: "MATCHED", format: "JSON" },
  { reportType: "MATCHED", format: "XML" },
  { reportType: "UNMATCHED", format: "CSV" },
] as const;

/** The limit for removing what dead workers leave behind (docs/operations.md, "What can go wrong"). */
const CLEAN_TIMEOUT_MS = 60_000;
/** Jobs wait for an expired lease, for a delivery and for each other. */
const JOBS_TIMEOUT_MS = 180_000;
const POLL_INTERVAL_MS = 500;

/** Starts a stack, creates exports, kills their workers, and checks the jobs, the files, the bucket and the records. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const lifetime = createLifetime(createLogger("docket-chaos", "error"));
  try {
    const stack = await startChaosStack(options, lifetime);
    return await runScenario(stack, options);
  } finally {
    await lifetime.close();
  }
}

async function runScenario(stack: ChaosStack, options: ChaosOptions): Promise<ChaosResult> {
  const { client, contextId } = stack;
  const { kills, jobs: jobCount, seed, print, signal } = options;
  print(`${jobCount} jobs, ${stack.workers.length} workers, ${kills} kills, seed ${seed}`);
  const dateTo = addDays(new Date().toISOString().slice(0, 10), 1);
  for (let index = 0; index < jobCount; index += 1) {
    const report = REQUESTS[index % REQUESTS.length]!;
    await client.exportJobs.create(contextId, {
      ...report,
      dateFrom: addDays(dateTo, -365),
      dateTo,
    });
  }
  const random = createRandom(seed);
  const killed = await killWorkers({ stack, kills, jobs: jobCount, random, print, signal });
  const lastKill = performance.now();
  const { extraObjects } = await takeInventory(stack);

  const jobs = await waitForJobs(stack, lastKill + JOBS_TIMEOUT_MS, signal);
  const { inventory, cleanAfterMs } = await waitUntilClean(stack, lastKill, signal);
  const faults = [
    ...findStateFaults(jobs, inventory, cleanAfterMs),
    ...(await findFileFaults(client, jobs, signal)),
  ];
  if (killed.hits * 2 < kills) {
    faults.push(`only ${killed.hits} of ${kills} kills interrupted an export`);
  }
  const extraObjectsAtLastKill = extraObjects;
  return { ...killed, jobs, inventory, extraObjectsAtLastKill, cleanAfterMs, faults };
}

/** @returns the jobs, unfinished ones included when the deadline has passed */
async function waitForJobs(
  { client, contextId }: ChaosStack,
  deadline: number,
  signal: AbortSignal,
): Promise<readonly ExportJob[]> {
  for (;;) {
    const jobs = (await client.exportJobs.list({ contextId, limit: 200 }).page()).items;
    const unfinished = jobs.some(({ status }) => status === "QUEUED" || status === "RUNNING");
    if (!unfinished || performance.now() > deadline) return jobs;
    await sleep(POLL_INTERVAL_MS, undefined, { signal });
  }
}

async function waitUntilClean(
  stack: ChaosStack,
  lastKill: number,
  signal: AbortSignal,
): Promise<{ readonly inventory: Inventory; readonly cleanAfterMs: number }> {
  for (;;) {
    const inventory = await takeInventory(stack);
    const cleanAfterMs = performance.now() - lastKill;
    const isClean = inventory.orphans.length === 0 && inventory.strayRecords.length === 0;
    if (isClean || cleanAfterMs > CLEAN_TIMEOUT_MS) return { inventory, cleanAfterMs };
    await sleep(POLL_INTERVAL_MS, undefined, { signal });
  }
}
