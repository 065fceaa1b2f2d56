import { setTimeout as sleep } from "node:timers/promises";

import { processUsage } from "@docket/testing";

import { ALL_DAYS, createProcessStage, type ProcessStage } from "./support/process-stage.ts";

jest.setTimeout(360_000);

const ROWS = 300_000;
/** The memory limit that `npm run bench` prints for a worker. */
const MAX_RSS_MB = 250;

/** Together longer than the lease (20 s) and BullMQ's lock (30 s). */
const PHASES = [
  { seconds: 8, bytesPerSecond: 1_000_000 },
  { seconds: 26, bytesPerSecond: 0 },
  { seconds: 4, bytesPerSecond: 1_000_000 },
];

let stage: ProcessStage;
beforeAll(async () => {
  stage = await createProcessStage({ rows: ROWS });
});
afterAll(() => stage.close());

describe("an export to a store that is slow and then unresponsive", () => {
  it("keeps its claim, needs little memory and succeeds", async () => {
    const worker = await stage.startWorker();
    stage.storeProxy.requests.set(1_000_000);
    const id = await stage.createExport(ALL_DAYS, "XML");
    await stage.waitForStatus(id, "RUNNING");

    for (const { seconds, bytesPerSecond } of PHASES) {
      stage.storeProxy.requests.set(bytesPerSecond);
      // By the clock, because on a busy machine the checks take long, too: 30 s of silence would end a request.
      const end = performance.now() + seconds * 1_000;
      while (performance.now() < end) {
        await sleep(1_000);
        const job = await stage.readJob(id);
        expect(job).toMatchObject({ status: "RUNNING", claim: 1, leased: true });
      }
    }
    stage.storeProxy.requests.set(Infinity);
    const job = await stage.waitForStatus(id, "SUCCEEDED", 240_000);
    expect(job).toMatchObject({ claim: 1, attempts: 0, records_written: String(ROWS) });
    expect(await stage.digestOf(id)).toBe(job.sha256);

    // Only Linux reports the peak.
    expect(processUsage(worker.pid)?.peakRssMb ?? 0).toBeLessThan(MAX_RSS_MB);
  });
});
