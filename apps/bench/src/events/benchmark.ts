import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import type { BenchmarkFigures, BenchmarkRun } from "../benchmark.ts";
import { openSuperuser, startBenchStack, type BenchApi, type BenchStack } from "../stack.ts";
import { figureAtLeast, figureAtMost, percentile, table } from "../table.ts";
import { measureSequencer } from "./sequencer.ts";
import { openStreams, transactionsPerSecond } from "./streams.ts";
import { watchFeed, watchStream, watchWebhooks, type Sightings } from "./watch.ts";

/** Printed beside the figures. A missed goal is not a failure, because machines differ. */
const GOALS = { feed: 150, webhook: 400, stream: 300, perSecond: 3_000 } as const;

const SAMPLES = 200;
/** The time between two events, at most: no multiple of an interval of the API or the worker. */
const SPREAD_MS = 120;
const WARM_UP_EVENTS = 20;
const STREAMS = 500;
const ARRIVAL_TIMEOUT_MS = 30_000;

/** Measures how soon an event arrives after its change, how many events can be numbered, and what open streams cost the database. */
export async function benchmarkEvents(run: BenchmarkRun): Promise<BenchmarkFigures> {
  const { print, rows, seconds, signal } = run;
  const stack = await startBenchStack(run, { queueUrl: run.environment["QUEUE_URL"] });
  const settings = {
    SECRETS_KEY: randomBytes(32).toString("base64"),
    WEBHOOK_ALLOWED_NETWORKS: "127.0.0.0/8",
  };
  const api = await stack.startApi(settings);
  const worker = await stack.startWorker(settings);
  const superuser = openSuperuser(stack);
  run.lifetime.onClose("superuser", superuser.close);

  const lines = await measureLatency(run, stack, api);
  print(`${SAMPLES} creates of contexts, one after the other. From the request to the arrival:`);
  print(table([["to", "p50 ms", "p99 ms"], ...lines]));
  print(`  Goals for p50: ${GOALS.feed}, ${GOALS.webhook} and ${GOALS.stream} ms`);
  print();

  const perSecond = await measureSequencer(superuser, rows, signal);
  print(
    `Sequencer: ${figureAtLeast(perSecond, 0, GOALS.perSecond)} events/s, ${rows} committed at once.`,
  );
  print(`  Goal: at least ${GOALS.perSecond}`);
  print();

  await worker.stop();
  const load = (): Promise<number> => transactionsPerSecond(superuser, seconds, signal);
  const { address } = api;
  const open = { address, jwtSecret: stack.jwtSecret, signal };
  await openStreams({ ...open, count: 1 });
  const one = await load();
  await openStreams({ ...open, count: STREAMS - 1 });
  const many = await load();
  print(
    `Transactions a second without events: ${one.toFixed(1)} with one stream, ${many.toFixed(1)} with ${STREAMS} streams of ${Math.ceil(STREAMS / 100)} tenants.`,
  );
  return {};
}

async function measureLatency(
  run: BenchmarkRun,
  { token }: BenchStack,
  { address, client }: BenchApi,
): Promise<readonly string[][]> {
  const webhooks = await watchWebhooks(run.lifetime);
  const response = await fetch(`${address}/v1/webhook-endpoints`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ url: webhooks.url, types: ["context.created"] }),
  });
  if (!response.ok) throw new Error(`POST /v1/webhook-endpoints answered ${response.status}`);
  const ending = new AbortController();
  const signal = AbortSignal.any([run.signal, ending.signal]);
  const stream = await watchStream(address, token, signal);
  const feed = watchFeed(client, (await client.events.head()).seq, signal);
  const watched = { feed, webhook: webhooks.seen, stream };
  const started = new Map<string, number>();
  for (let n = 0; n < WARM_UP_EVENTS + SAMPLES; n += 1) {
    await sleep(Math.random() * SPREAD_MS, undefined, { signal });
    const start = performance.now();
    const { id } = await client.contexts.create({ name: `Context ${n}` });
    if (n >= WARM_UP_EVENTS) started.set(`/v1/contexts/${id}`, start);
  }
  const lines: string[][] = [];
  for (const [name, seen] of Object.entries(watched)) {
    const latencies = await latenciesOf(started, seen, signal);
    const goal = GOALS[name as keyof typeof watched];
    const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)];
    lines.push([name, figureAtMost(p50, 0, goal), p99.toFixed(0)]);
  }
  ending.abort();
  return lines;
}

/** @throws Error if an event does not arrive. */
async function latenciesOf(
  started: Sightings,
  seen: Sightings,
  signal: AbortSignal,
): Promise<number[]> {
  const deadline = performance.now() + ARRIVAL_TIMEOUT_MS;
  while ([...started.keys()].some((subject) => !seen.has(subject))) {
    if (performance.now() > deadline) throw new Error("an event did not arrive");
    await sleep(100, undefined, { signal });
  }
  return [...started].map(([subject, start]) => seen.get(subject)! - start);
}
