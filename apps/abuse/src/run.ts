import { createLifetime, createLogger, type Lifetime } from "@docket/platform";
import { createDatabase } from "@docket/platform/database";
import {
  startTemporaryStack,
  superviseWorker,
  waitUntilReady,
  type TemporaryStack,
  type TemporaryStackOptions,
} from "@docket/stack";
import { processUsage, resetPeakMemory, waitUntilIdle } from "@docket/testing";

import { findAttack } from "./attacks/index.ts";
import type { Result } from "./result.ts";
import { receiveWebhooks, type WebhookReceiver } from "./receiver.ts";
import { runAttack } from "./run-attack.ts";
import { createTenant, PREPARATIONS, type TestTenant } from "./tenants.ts";
import { observeVictim } from "./victim.ts";

export type AbuseOptions = Omit<TemporaryStackOptions, "settings"> & {
  readonly seconds: number;
  readonly attacks: readonly string[];
  /** Called after each attack. */
  readonly onResult: (result: Result) => void;
};

/** The victim orders one export a second, and receivers are on loopback. Every other limit has its default. */
const SETTINGS = {
  EXPORT_RATE_LIMIT_PER_MINUTE: "120",
  WEBHOOK_ALLOWED_NETWORKS: "127.0.0.0/8",
} as const;

/** Rate limits are per principal, and a tenant has many. */
const ATTACKING_PRINCIPALS = 50;

type Stage = {
  readonly stack: TemporaryStack;
  readonly attacker: TestTenant;
  readonly victim: TestTenant;
  readonly receiver: WebhookReceiver;
};

/** Starts a stack with two tenants. While one of them runs each attack, the other one works and is observed. */
export async function runAbuse(options: AbuseOptions): Promise<readonly Result[]> {
  const lifetime = createLifetime(createLogger("docket-abuse", "error"));
  try {
    const stage = await prepare(options, lifetime);
    const results: Result[] = [];
    for (const attack of options.attacks) {
      const result = await observeAttack(stage, attack, options);
      results.push(result);
      options.onResult(result);
    }
    return results;
  } finally {
    await lifetime.close();
  }
}

async function prepare(options: AbuseOptions, lifetime: Lifetime): Promise<Stage> {
  const { signal, attacks } = options;
  const stack = await startTemporaryStack({ ...options, settings: SETTINGS }, lifetime);
  const { stackEnv, environment, address } = stack;
  const worker = await superviseWorker({ environment }, stackEnv);
  lifetime.onClose("worker", worker.stop);
  const { jwtSecret } = stackEnv.secrets;
  const shared = { address, jwtSecret, signal };
  const attacker = await createTenant({ ...shared, principals: ATTACKING_PRINCIPALS });
  const victim = await createTenant({ ...shared, principals: 1 });
  const receiver = await receiveWebhooks(victim, lifetime);
  const database = createDatabase({
    url: environment["DATABASE_URL"]!,
    poolSize: 1,
    applicationName: "docket-abuse",
    statementTimeoutMs: 60_000,
  });
  lifetime.onClose("database", database.close);
  const needs = new Set(attacks.flatMap((name) => findAttack(name).needs ?? []));
  for (const need of needs) await PREPARATIONS[need](attacker, database, signal);
  return { stack, attacker, victim, receiver };
}

async function observeAttack(
  { stack, attacker, victim, receiver }: Stage,
  attack: string,
  { seconds, signal }: AbuseOptions,
): Promise<Result> {
  const pid = await idleApi(stack, signal);
  const [report, samples] = await Promise.all([
    runAttack(attack, seconds, attacker),
    observeVictim(victim, receiver, seconds, signal),
  ]);
  const isAlive = stack.api.current()?.pid === pid;
  return {
    attack,
    samples,
    peakRssMb: processUsage(pid)?.peakRssMb,
    answers: report.answers,
    faults: [...report.faults, ...(isAlive ? [] : ["the API process ended"])],
  };
}

/** A process that has kept more memory than this is replaced, so that the next attack is not blamed for it. */
const MAX_IDLE_RSS_MB = 300;

/** Waits until the API is idle and restarts the measurement of its memory. @returns the process's pid */
async function idleApi({ api, address }: TemporaryStack, signal: AbortSignal): Promise<number> {
  const { pid, stop } = api.current() ?? api.first;
  await waitUntilIdle(pid, signal);
  resetPeakMemory(pid);
  if ((processUsage(pid)?.peakRssMb ?? Infinity) <= MAX_IDLE_RSS_MB) return pid;
  // It is supervised: another process takes its place.
  await stop();
  await waitUntilReady(address, signal);
  return api.current()!.pid;
}
