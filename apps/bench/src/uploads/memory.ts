import { setTimeout as sleep } from "node:timers/promises";

import { resetPeakMemory, processUsage } from "@docket/testing";

import type { BenchApi } from "../stack.ts";
import { percentile } from "../table.ts";
import { uploadEvidence } from "./send.ts";

export type ParallelUploads = {
  readonly api: Pick<BenchApi, "address" | "pid">;
  readonly token: string;
  /** The uploads are spread over these. */
  readonly disputes: readonly string[];
  readonly count: number;
  readonly file: Buffer;
  readonly chunked: boolean;
};

export type MeasuredUploads = {
  readonly seconds: number;
  /** Undefined where the system does not report it. */
  readonly peakRssMb: number | undefined;
  /** Latency of GETs during the uploads. */
  readonly p99Ms: number;
  readonly requests: number;
};

/** Sends uploads in parallel, and a GET every 20 ms until they are finished. */
export async function measureMemory(options: ParallelUploads): Promise<MeasuredUploads> {
  const { api, token, disputes, count, file, chunked } = options;
  const { address } = api;
  const probe = (): Promise<void> => get(`${address}/v1/disputes/${disputes[0]}`, token);
  await probe();
  resetPeakMemory(api.pid);
  const start = performance.now();
  const uploads = Array.from({ length: count }, (_, index) => {
    const disputeId = disputes[index % disputes.length]!;
    return uploadEvidence({ address, token, disputeId, file, chunked });
  });
  const latencies = await probeWhile(Promise.all(uploads), probe);
  return {
    seconds: (performance.now() - start) / 1_000,
    peakRssMb: processUsage(api.pid)?.peakRssMb,
    p99Ms: percentile(latencies, 0.99),
    requests: latencies.length,
  };
}

const PROBE_INTERVAL_MS = 20;

/** Repeats `probe` until `work` settles. @returns the latency of each probe in milliseconds */
async function probeWhile(work: Promise<unknown>, probe: () => Promise<void>): Promise<number[]> {
  let settled = false;
  const finished = work.finally(() => (settled = true));
  // Awaited below.
  finished.catch(() => undefined);
  const latencies: number[] = [];
  do {
    const start = performance.now();
    await probe();
    latencies.push(performance.now() - start);
    await sleep(PROBE_INTERVAL_MS);
  } while (!settled);
  await finished;
  return latencies;
}

async function get(url: string, token: string): Promise<void> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`GET ${url} was answered with ${response.status}`);
}
