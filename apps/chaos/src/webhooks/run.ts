import { setTimeout as sleep } from "node:timers/promises";

import { createRandom, type Random } from "@docket/demo-data";
import { createLifetime, createLogger } from "@docket/platform";

import type { ChaosArguments } from "../arguments.ts";
import { kill } from "../kill-workers.ts";
import type { ChaosOptions } from "../run.ts";
import { judge, type Verdict } from "./judge.ts";
import { startReceivers, type Receiver } from "./receivers.ts";
import { startWebhookStack, type WebhookStack } from "./stack.ts";

export type WebhookChaosOptions = Omit<ChaosOptions, "jobs"> &
  Pick<ChaosArguments, "events"> & {
    /** How long one receiver is down. */
    readonly outageMs: number;
  };

export type WebhookChaosResult = {
  readonly kills: number;
  /** Kills while attempts were running. */
  readonly hits: number;
  readonly events: number;
  readonly verdicts: readonly Verdict[];
  /** Deliveries that had failed for good and were sent again. */
  readonly recovered: number;
  readonly seconds: number;
  /** One sentence per failed check. */
  readonly faults: readonly string[];
};

/** The time between two kills, at most: enough for a worker to start and to deliver. */
const SPREAD_MS = 7_000;
const MIN_SPREAD_MS = 1_500;

/** The run gives up when the number of pending deliveries has not fallen for this time. Longer than the longest wait between retries. */
const TIMEOUT_MS = 180_000;
const POLL_MS = 500;

/** Requests at a time. Their transactions overlap, so that they commit in another order than they began. */
const WRITERS = 4;

/** Starts a stack and receivers, makes events, kills the workers that deliver them, and checks what has arrived. */
export async function runWebhookChaos(options: WebhookChaosOptions): Promise<WebhookChaosResult> {
  const lifetime = createLifetime(createLogger("docket-chaos", "error"));
  try {
    const stack = await startWebhookStack(options, options.outageMs, lifetime);
    const random = createRandom(options.seed);
    const receivers = await startReceivers(random);
    for (const receiver of receivers) lifetime.onClose(receiver.name, receiver.close);
    return await runScenario(stack, receivers, random, options);
  } finally {
    await lifetime.close();
  }
}

async function runScenario(
  stack: WebhookStack,
  receivers: readonly Receiver[],
  random: Random,
  options: WebhookChaosOptions,
): Promise<WebhookChaosResult> {
  const { events, seed, kills: wanted, print, signal } = options;
  print(
    `${events} events, ${receivers.length} receivers, ${stack.workers.length} workers, ${wanted} kills, seed ${seed}`,
  );
  for (const receiver of receivers) receiver.trust(await stack.addEndpoint(receiver));
  const started = performance.now();
  const progress = { kills: 0 };
  const [, killed] = await Promise.all([
    writeEvents(stack, options, () => (progress.kills + 1) / wanted),
    killWorkers(stack, random, options, progress),
    breakDown(receivers, options, () => progress.kills / wanted),
  ]);
  const { recovered, unsettled } = await settle(stack, signal);
  const expected = await stack.expected();
  const verdicts: Verdict[] = [];
  for (const { name, maxInFlight, arrivals } of receivers) {
    const unreached = await stack.unreached(name);
    const judged = { name, maxInFlight, arrivals: arrivals(), unreached };
    verdicts.push(judge(judged, expected, killed.kills));
  }
  const forged = receivers.reduce((sum, receiver) => sum + receiver.forged(), 0);
  const faults = [
    ...verdicts.flatMap((verdict) => verdict.faults),
    ...(expected.size === events ? [] : [`the feed has ${expected.size} of ${events} events`]),
    ...(unsettled === 0 ? [] : [`${unsettled} deliveries are not DELIVERED`]),
    ...(forged === 0 ? [] : [`${forged} requests had a wrong signature`]),
    ...(killed.hits === 0 ? ["no kill broke off an attempt"] : []),
  ];
  const seconds = (performance.now() - started) / 1_000;
  return { ...killed, events: expected.size, verdicts, recovered, seconds, faults };
}

/** Makes the events, no faster than the kills go on, so that there is something to deliver until the last one. */
async function writeEvents(
  { write }: WebhookStack,
  { events, signal }: WebhookChaosOptions,
  share: () => number,
): Promise<void> {
  let written = 0;
  const loop = async (): Promise<void> => {
    while (written < events) {
      signal.throwIfAborted();
      if (written >= events * share()) {
        await sleep(POLL_MS / 10, undefined, { signal });
        continue;
      }
      written += 1;
      await write(written);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, loop));
}

async function killWorkers(
  stack: WebhookStack,
  random: Random,
  { kills: wanted, print, signal }: WebhookChaosOptions,
  progress: { kills: number },
): Promise<Pick<WebhookChaosResult, "kills" | "hits">> {
  let hits = 0;
  while (progress.kills < wanted) {
    await sleep(random.integer(MIN_SPREAD_MS, SPREAD_MS), undefined, { signal });
    const alive = stack.workers.filter(({ pid }) => pid() !== undefined);
    if (alive.length === 0) continue;
    const victim = random.pick(alive);
    const { running, pending } = await stack.backlog();
    await kill(victim, signal);
    progress.kills += 1;
    if (running > 0) hits += 1;
    const number = stack.workers.indexOf(victim) + 1;
    print(
      `kill ${progress.kills}: worker ${number}; ${running} attempts running, ${pending} deliveries pending`,
    );
  }
  return { kills: progress.kills, hits };
}

/** Takes one receiver down in the middle of the run. */
async function breakDown(
  receivers: readonly Receiver[],
  { outageMs, print, signal }: WebhookChaosOptions,
  share: () => number,
): Promise<void> {
  const receiver = receivers.find(({ name }) => name === "dying")!;
  while (share() < 1 / 3) await sleep(POLL_MS, undefined, { signal });
  print(`the receiver "${receiver.name}" is down for ${outageMs / 1_000} s`);
  await receiver.die(outageMs, signal);
  print(`the receiver "${receiver.name}" is up`);
}

/** How often the deliveries that have failed for good are sent again. */
const MAX_RECOVERIES = 3;

/** Waits until every delivery has ended. Sends those again that have failed for good, as an operator does. */
async function settle(
  stack: WebhookStack,
  signal: AbortSignal,
): Promise<{ readonly recovered: number; readonly unsettled: number }> {
  let best = { pending: Infinity, at: performance.now() };
  let recovered = 0;
  for (let recoveries = 0; ;) {
    const { isBehind, pending, failed } = await stack.backlog();
    if (!isBehind && pending === 0) {
      if (failed === 0 || recoveries === MAX_RECOVERIES) return { recovered, unsettled: failed };
      recovered += await stack.recover();
      recoveries += 1;
      best = { pending: Infinity, at: performance.now() };
    }
    if (pending < best.pending) best = { pending, at: performance.now() };
    if (performance.now() > best.at + TIMEOUT_MS) return { recovered, unsettled: pending + failed };
    await sleep(POLL_MS, undefined, { signal });
  }
}
