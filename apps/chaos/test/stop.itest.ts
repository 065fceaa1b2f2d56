import { waitFor } from "@docket/testing";

import { ALL_DAYS, createProcessStage, type ProcessStage } from "./support/process-stage.ts";

jest.setTimeout(150_000);

let stage: ProcessStage;
beforeEach(async () => {
  stage = await createProcessStage({ rows: 80_000 });
});
afterEach(() => stage.close());

test("SIGTERM in mid export hands the job back at no attempt's cost, and another worker finishes it", async () => {
  stage.line.requests.set(1_000_000);
  const worker = await stage.startWorker();
  const id = await stage.order(ALL_DAYS);
  await waitFor(async () => (await stage.stored()).some((each) => each.endsWith("(unfinished)")));

  const asked = performance.now();
  worker.signal("SIGTERM");
  expect(await worker.ended).toBe("exit code 0");
  expect(performance.now() - asked).toBeLessThan(10_000);
  expect(await stage.job(id)).toMatchObject({
    status: "QUEUED",
    claim: 1,
    attempts: 0,
    leased: null,
  });
  expect(await stage.activeCopies()).toBe(0);
  expect(await stage.stored()).toEqual([]);

  await stage.startWorker(stage.direct);
  const job = await stage.becomes(id, "SUCCEEDED");
  expect(job).toMatchObject({ claim: 2, attempts: 0, records_written: "80000" });
  expect(await stage.digest(id)).toBe(job.sha256);
});

test("SIGTERM exits within 10 s also when the store is dead", async () => {
  stage.line.requests.set(0);
  const worker = await stage.startWorker();
  const id = await stage.order(ALL_DAYS);
  await stage.becomes(id, "RUNNING");
  const asked = performance.now();
  worker.signal("SIGTERM");
  await worker.ended;
  expect(performance.now() - asked).toBeLessThan(10_000);
  expect(await stage.job(id)).toMatchObject({ status: "QUEUED", claim: 1, attempts: 0 });
});
