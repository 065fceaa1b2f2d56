import { setTimeout as sleep } from "node:timers/promises";

import { processUsage } from "@docket/testing";
import { ALL_DAYS, createProcessStage, type ProcessStage } from "./support/process-stage.ts";

jest.setTimeout(240_000);

const ROWS = 300_000;
/** What `npm run bench` allows a worker (MB). */
const MOST_MB = 250;

let stage: ProcessStage;
beforeAll(async () => {
  stage = await createProcessStage({ rows: ROWS });
});
afterAll(() => stage.close());

test("a store that is slow, and then dead for longer than lease and lock, costs neither memory nor the claim", async () => {
  const worker = await stage.startWorker();
  stage.line.requests.set(1_000_000);
  const id = await stage.order(ALL_DAYS, "XML");
  await stage.becomes(id, "RUNNING");

  // Seconds, and bytes a second. Together longer than the lease (20 s) and the queue's lock (30 s).
  for (const [seconds, pace] of [
    [8, 1_000_000],
    [26, 0],
    [4, 1_000_000],
  ] as const) {
    stage.line.requests.set(pace);
    for (let second = 0; second < seconds; second += 1) {
      await sleep(1_000);
      expect(await stage.job(id)).toMatchObject({ status: "RUNNING", claim: 1, leased: true });
    }
  }
  stage.line.requests.set(Infinity);
  const job = await stage.becomes(id, "SUCCEEDED", 90_000);
  expect(job).toMatchObject({ claim: 1, attempts: 0, records_written: String(ROWS) });
  expect(await stage.digest(id)).toBe(job.sha256);

  // Only Linux tells.
  const peakMb = processUsage(worker.pid)?.peakRssMb ?? 0;
  expect(peakMb).toBeLessThan(MOST_MB);
});
