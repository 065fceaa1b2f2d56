import { waitFor } from "@docket/testing";

import { ALL_DAYS, createProcessStage, type ProcessStage } from "./support/process-stage.ts";

/** docs/api.md §6, "Shutdown". */
const SHUTDOWN_LIMIT_MS = 10_000;

let stage: ProcessStage;
beforeEach(async () => {
  stage = await createProcessStage({ rows: 80_000 });
});
afterEach(() => stage.close());

describe("a worker that receives SIGTERM during an export", () => {
  it("releases the job without consuming an attempt, and another worker finishes it", async () => {
    stage.storeProxy.requests.set(1_000_000);
    const worker = await stage.startWorker();
    const id = await stage.createExport(ALL_DAYS);
    await waitFor(async () => (await stage.listStored()).some((key) => /unfinished/.test(key)));

    const start = performance.now();
    worker.signal("SIGTERM");
    expect(await worker.ended).toBe("exit code 0");
    expect(performance.now() - start).toBeLessThan(SHUTDOWN_LIMIT_MS);
    expect(await stage.readJob(id)).toMatchObject({
      status: "QUEUED",
      claim: 1,
      attempts: 0,
      leased: null,
    });
    expect(await stage.countRunningCopies()).toBe(0);
    expect(await stage.listStored()).toEqual([]);

    await stage.startWorker(stage.withoutProxy);
    const job = await stage.waitForStatus(id, "SUCCEEDED");
    expect(job).toMatchObject({ claim: 2, attempts: 0, records_written: "80000" });
    expect(await stage.digestOf(id)).toBe(job.sha256);
  });

  it("exits within 10 s even if the store does not respond", async () => {
    stage.storeProxy.requests.set(0);
    const worker = await stage.startWorker();
    const id = await stage.createExport(ALL_DAYS);
    await stage.waitForStatus(id, "RUNNING");
    const start = performance.now();
    worker.signal("SIGTERM");
    await worker.ended;
    expect(performance.now() - start).toBeLessThan(SHUTDOWN_LIMIT_MS);
    expect(await stage.readJob(id)).toMatchObject({ status: "QUEUED", claim: 1, attempts: 0 });
  });
});
