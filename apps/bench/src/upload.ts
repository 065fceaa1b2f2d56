import { setTimeout as sleep } from "node:timers/promises";

import { createStorage, type Storage } from "@docket/platform/storage";

import { startBenchStack, type BenchApi, type BenchStack } from "./bench-stack.ts";
import type { BenchRun } from "./bench.ts";
import { inPairs } from "./pairs.ts";
import { resetPeakMemory, processUsage } from "@docket/testing";
import { createReferencePut } from "./reference-put.ts";
import { TENANT } from "./seed.ts";
import { figure, figureOver, median, percentile, table } from "./table.ts";
import { seedDisputes } from "./upload-seed.ts";
import { sendUpload } from "./upload-send.ts";

/** Printed beside the figures, and nothing fails by it: machines differ. */
const LIMITS = { share: 0.8, rssMb: 400 } as const;

const FILE_BYTES = 10 * 1_048_576;
/** 100 MiB, as much as a dispute takes. */
const FILES_PER_DISPUTE = 10;
const AT_ONCE = 100;
/** Forty uploads, until the compiler has had its turn. */
const WARM_UP_ROUNDS = 4;

/** Uploads of evidence beside the same bytes put straight into the store, and the API's memory while a hundred come at once. */
export async function benchUpload(run: BenchRun): Promise<void> {
  const { lifetime, say, signal } = run;
  const given = storeOf(run.environment);
  const stack = await startBenchStack(lifetime, say, signal, given && { storage: given });
  const storage = await openStore(stack);
  lifetime.onClose("storage", storage.close);
  lifetime.onClose("objects", () => empty(storage));
  say(`Store: ${given === undefined ? "the embedded one" : given["S3_ENDPOINT"]}.`);
  say(
    `Reference: PutObject by the AWS SDK. ${FILES_PER_DISPUTE} files of 10 MiB one after the other, ${run.pairs} pairs, medians.`,
  );
  say();
  const lines = await speedLines(run, stack, storage);
  say();
  say(table([["", "MiB/s", "reference", "ratio"], ...lines]));
  say(`  Limit: at least ${LIMITS.share} of the reference's speed`);
  say();
  say("Peak memory of a fresh API, and how it answers others meanwhile:");
  const header = ["uploads of 10 MiB at once", "s", "peak RSS MB", "GET p99 ms", "GETs"];
  say(table([header, ...(await memoryLines(run, stack, storage))]));
  say(`  Limit: RSS ${LIMITS.rssMb} MB`);
}

async function speedLines(run: BenchRun, stack: BenchStack, storage: Storage): Promise<string[][]> {
  const api = await stack.startApi();
  const reference = createReferencePut(stack.storage);
  const file = aFile();
  const disputes = await seedDisputes(api.client, run.pairs + WARM_UP_ROUNDS);
  let round = 0;
  const ours = (): Promise<number> => {
    const dispute = disputes[(round += 1) - 1]!;
    return mibPerSecond(storage, () => sendUpload(api, stack.token, dispute, { file }));
  };
  let puts = 0;
  const theirs = (): Promise<number> =>
    mibPerSecond(storage, () => reference.put(`${TENANT}/bench/${(puts += 1)}.pdf`, file));
  for (let warm = 0; warm < WARM_UP_ROUNDS; warm += 1) {
    await theirs();
    await ours();
  }
  const found = await inPairs({
    ...run,
    ours,
    theirs,
    each: (pair, number) =>
      run.say(
        `  ${number}: API ${pair.ours.toFixed(0)} MiB/s, PutObject ${pair.theirs.toFixed(0)} MiB/s`,
      ),
  });
  reference.close();
  await api.stop();
  const ratio = median(found.map((pair) => pair.ours / pair.theirs));
  return [
    [
      "upload",
      figure(median(found.map((pair) => pair.ours)), 0),
      figure(median(found.map((pair) => pair.theirs)), 0),
      figureOver(ratio, 2, LIMITS.share),
    ],
  ];
}

async function mibPerSecond(storage: Storage, send: () => Promise<void>): Promise<number> {
  const began = performance.now();
  for (let sent = 0; sent < FILES_PER_DISPUTE; sent += 1) await send();
  const seconds = (performance.now() - began) / 1_000;
  // What still waits for the disk would be the next one's burden.
  await empty(storage);
  return (FILES_PER_DISPUTE * 10) / seconds;
}

const CROWDS = [
  { name: "1", count: 1, chunked: false },
  { name: `${AT_ONCE}`, count: AT_ONCE, chunked: false },
  { name: `${AT_ONCE}, without a Content-Length`, count: AT_ONCE, chunked: true },
] as const;

async function memoryLines(
  run: BenchRun,
  stack: BenchStack,
  storage: Storage,
): Promise<string[][]> {
  const file = aFile();
  const lines: string[][] = [];
  for (const { name, count, chunked } of CROWDS) {
    run.signal.throwIfAborted();
    const api = await stack.startApi();
    const disputes = await seedDisputes(api.client, Math.ceil(count / FILES_PER_DISPUTE));
    const path = `/v1/disputes/${disputes[0]}`;
    await get(api, stack.token, path);
    resetPeakMemory(api.pid);
    const began = performance.now();
    const uploads = Promise.all(
      Array.from({ length: count }, (_, index) =>
        sendUpload(api, stack.token, disputes[index % disputes.length]!, { file, chunked }),
      ),
    );
    const answers = await meanwhile(uploads, () => get(api, stack.token, path));
    const seconds = (performance.now() - began) / 1_000;
    const peak = processUsage(api.pid)?.peakRssMb;
    await api.stop();
    await empty(storage);
    const p99 = figure(percentile(answers, 0.99), 0);
    lines.push([name, figure(seconds, 1), figure(peak, 0, LIMITS.rssMb), p99, `${answers.length}`]);
  }
  return lines;
}

const PAUSE_MS = 20;

/** Asks again and again while `work` runs; the milliseconds of each answer. */
async function meanwhile(work: Promise<unknown>, ask: () => Promise<void>): Promise<number[]> {
  let over = false;
  const done = work.finally(() => (over = true));
  // Thrown below.
  done.catch(() => undefined);
  const answers: number[] = [];
  do {
    const asked = performance.now();
    await ask();
    answers.push(performance.now() - asked);
    await sleep(PAUSE_MS);
  } while (!over);
  await done;
  return answers;
}

async function get({ address }: BenchApi, token: string, path: string): Promise<void> {
  const response = await fetch(`${address}${path}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`GET ${path} was answered ${response.status}`);
}

function aFile(): Buffer {
  const file = Buffer.alloc(FILE_BYTES, "0123456789abcdef");
  file.write("%PDF-1.7\n");
  return file;
}

/** The store that the environment gives, if it gives one. */
function storeOf(environment: BenchRun["environment"]): BenchStack["storage"] | undefined {
  if (!environment["S3_ENDPOINT"]) return undefined;
  const given = Object.entries(environment).filter(([name]) => name.startsWith("S3_"));
  return {
    S3_REGION: "us-east-1",
    S3_BUCKET: "docket-bench",
    S3_FORCE_PATH_STYLE: "true",
    ...Object.fromEntries(given),
  };
}

async function openStore({ storage: settings }: BenchStack): Promise<Storage> {
  const storage = createStorage({
    endpoint: settings["S3_ENDPOINT"],
    region: settings["S3_REGION"]!,
    bucket: settings["S3_BUCKET"]!,
    accessKeyId: settings["S3_ACCESS_KEY_ID"],
    secretAccessKey: settings["S3_SECRET_ACCESS_KEY"],
  });
  await storage.ensureBucket();
  return storage;
}

/** Leaves nothing of the benchmark's tenant in a store that is somebody else's. */
async function empty(storage: Storage): Promise<void> {
  for await (const { key } of storage.list(`${TENANT}/`)) await storage.delete(key);
}
