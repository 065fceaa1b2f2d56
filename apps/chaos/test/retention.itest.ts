import { waitFor } from "@docket/testing";

import { createProcessStage, ONE_DAY, type ProcessStage } from "./support/process-stage.ts";

let stage: ProcessStage;
beforeAll(async () => {
  stage = await createProcessStage({ rows: 1_440 });
});
afterAll(() => stage.close());

const startTwoWorkers = () => {
  const environment = { UPKEEP_INTERVAL_MS: "100" };
  return Promise.all([stage.startWorker(environment), stage.startWorker(environment)]);
};

const statusOfDownload = async (id: string): Promise<number> =>
  (await stage.call("GET", `/v1/export-jobs/${id}/download`)).status;

describe("an expired file", () => {
  it("is removed even if its sweeper dies between deleting the object and marking the job", async () => {
    const workers = await startTwoWorkers();
    const expiring = await stage.createExport(ONE_DAY);
    const kept = await stage.createExport(ONE_DAY);
    for (const id of [expiring, kept]) await stage.waitForStatus(id, "SUCCEEDED");
    const { object_key: keptFile, sha256 } = await stage.readJob(kept);
    await stage.superuser.query(
      "UPDATE export_jobs SET expires_at = now() + interval '2 s' WHERE id = $1",
      [expiring],
    );
    expect(await statusOfDownload(expiring)).toBe(200);

    // With the row of the file locked, the sweeper can delete the object but cannot commit that the job is EXPIRED.
    const lock = await stage.lockFile(expiring);
    await waitFor(async () => (await stage.listStored()).length === 1, { timeoutMs: 30_000 });
    await waitFor(async () => (await stage.countLockWaits("stored_objects")) > 0);
    for (const worker of workers) worker.signal("SIGKILL");
    await Promise.all(workers.map(({ ended }) => ended));
    await lock.release();
    await waitFor(async () => (await stage.countLockWaits("stored_objects")) === 0);
    expect((await stage.readJob(expiring)).status).toBe("SUCCEEDED");
    expect(await statusOfDownload(expiring)).toBe(410);

    // Several sweepers find the job at the same time.
    await Promise.all([startTwoWorkers(), startTwoWorkers()]);
    await stage.waitForStatus(expiring, "EXPIRED");
    expect(await statusOfDownload(expiring)).toBe(410);
    expect(await stage.listStored()).toEqual([keptFile]);
    expect(await stage.digestOf(kept)).toBe(sha256);
    const { rows: records } = await stage.superuser.query("SELECT key FROM stored_objects");
    expect(records).toEqual([{ key: keptFile }]);
  });
});
