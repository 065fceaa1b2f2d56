import { setTimeout as sleep } from "node:timers/promises";

import { createRandom } from "@docket/demo-data";
import { waitFor } from "@docket/testing";

import {
  ALL_DAYS,
  createProcessStage,
  ONE_DAY,
  type ProcessStage,
} from "./support/process-stage.ts";

let stage: ProcessStage;
beforeEach(async () => {
  stage = await createProcessStage({ rows: 80_000 });
  await stage.startWorker();
});
afterEach(() => stage.close());

const cancel = (id: string) => stage.call("POST", `/v1/export-jobs/${id}/cancel`);

/** A running export must stop within 2 s (docs/api.md §2). */
const waitForCopyToStop = () =>
  waitFor(async () => (await stage.countRunningCopies()) === 0, { timeoutMs: 2_000 });

/** Waits until the bucket is empty and the sweeper has marked every object lost. */
const waitForEmptyBucket = () =>
  waitFor(
    async () => {
      const { rowCount } = await stage.superuser.query(
        "SELECT FROM stored_objects WHERE lost_at IS NULL",
      );
      return rowCount === 0 && (await stage.listStored()).length === 0;
    },
    { timeoutMs: 60_000 },
  );

describe("canceling an export", () => {
  it("takes precedence at any moment and leaves no object behind", async () => {
    // The file has 13 MB, so an export takes about 3 s.
    stage.storeProxy.requests.set(5_000_000);
    const random = createRandom(20_261_123);
    const ids: string[] = [];
    for (let round = 0; round < 10; round += 1) {
      const id = await stage.createExport(ALL_DAYS);
      ids.push(id);
      // The first two rounds cancel a job that is queued or just being claimed.
      await sleep(round < 2 ? 0 : random.integer(0, 2_000));
      expect(await cancel(id)).toMatchObject({ status: 200, body: { status: "CANCELED" } });
      await waitForCopyToStop();
    }
    await waitForEmptyBucket();
    for (const id of ids) {
      expect(await stage.readJob(id)).toMatchObject({ status: "CANCELED", attempts: 0 });
    }
  });

  it("ends a queued job before any worker claims it", async () => {
    stage.storeProxy.requests.set(20_000);
    // Two jobs occupy the worker; the third one waits.
    const running = [await stage.createExport(ONE_DAY), await stage.createExport(ONE_DAY)];
    for (const id of running) await stage.waitForStatus(id, "RUNNING");
    const queued = await stage.createExport(ONE_DAY);
    for (const id of [queued, ...running]) expect((await cancel(id)).status).toBe(200);
    stage.storeProxy.requests.set(Infinity);
    await waitForEmptyBucket();
    expect(await stage.readJob(queued)).toMatchObject({ status: "CANCELED", claim: 0 });
  });

  it("takes precedence when the file is stored but the job is not marked SUCCEEDED yet", async () => {
    stage.storeProxy.responses.set(0);
    const id = await stage.createExport(ONE_DAY);
    // The object is complete, but the store's response does not reach the worker.
    await waitFor(async () => (await stage.listStored()).length === 1);
    expect(await cancel(id)).toMatchObject({ status: 200, body: { status: "CANCELED" } });
    stage.storeProxy.responses.set(Infinity);
    await waitForEmptyBucket();
    expect(await stage.readJob(id)).toMatchObject({
      status: "CANCELED",
      claim: 1,
      object_key: null,
    });
  });
});
