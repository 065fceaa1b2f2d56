import { waitFor } from "@docket/testing";

import { createProcessStage, ONE_DAY, type ProcessStage } from "./support/process-stage.ts";

jest.setTimeout(150_000);

let stage: ProcessStage;
beforeAll(async () => {
  stage = await createProcessStage({ rows: 1_440 });
});
afterAll(() => stage.close());

const startTwo = () => {
  const often = { UPKEEP_INTERVAL_MS: "100" };
  return Promise.all([stage.startWorker(often), stage.startWorker(often)]);
};

const download = async (id: string) => {
  const { status, body } = await stage.call("GET", `/v1/export-jobs/${id}/download`);
  return { status, code: body.code };
};

test("a file whose time is over goes, also when its sweeper dies between deleting and marking", async () => {
  const workers = await startTwo();
  const [id, stays] = [await stage.order(ONE_DAY), await stage.order(ONE_DAY)];
  for (const each of [id, stays]) await stage.becomes(each, "SUCCEEDED");
  const { object_key: kept } = await stage.job(stays);

  await stage.superuser.query(
    "UPDATE export_jobs SET expires_at = now() + interval '2 s' WHERE id = $1",
    [id],
  );
  expect((await download(id)).status).toBe(200);
  // The object can go, and the row cannot be marked.
  const held = await stage.hold(id);
  await waitFor(async () => (await stage.stored()).length === 1, { timeoutMs: 30_000 });
  await waitFor(async () => (await stage.waiting("export_jobs")) > 0);
  for (const worker of workers) worker.signal("SIGKILL");
  await Promise.all(workers.map(({ ended }) => ended));
  await held.release();
  await waitFor(async () => (await stage.waiting("export_jobs")) === 0);
  expect((await stage.job(id)).status).toBe("SUCCEEDED");
  expect(await download(id)).toMatchObject({ status: 410 });

  // Of several sweepers, all of which see it.
  await Promise.all([startTwo(), startTwo()]);
  await stage.becomes(id, "EXPIRED");
  expect(await download(id)).toMatchObject({ status: 410 });
  expect(await stage.stored()).toEqual([kept]);
  expect(await stage.digest(stays)).toBe((await stage.job(stays)).sha256);
  const { rows: notes } = await stage.superuser.query("SELECT key FROM stored_objects");
  expect(notes).toEqual([{ key: kept }]);
});
