import { createLogger } from "@docket/platform";
import { createExportQueue } from "@docket/platform/queue";
import { waitFor } from "@docket/testing";

import {
  ALL_DAYS,
  createProcessStage,
  ONE_DAY,
  type ProcessStage,
  type WorkerProcess,
} from "./support/process-stage.ts";

jest.setTimeout(150_000);

let stage: ProcessStage;
beforeEach(async () => {
  // 13 MB: an upload in parts.
  stage = await createProcessStage({ rows: 80_000 });
});
afterEach(() => stage.close());

/** Within the contract's minute nothing is there but the job's file. */
const onlyItsFileIsLeft = async (id: string): Promise<void> => {
  const { object_key: file, sha256 } = await stage.job(id);
  await waitFor(async () => JSON.stringify(await stage.stored()) === JSON.stringify([file]), {
    timeoutMs: 60_000,
  });
  expect(await stage.digest(id)).toBe(sha256);
};

/** Freezes a worker that holds claim 1, has another one do its job, and wakes it up. */
const sleepThroughIt = async (
  worker: WorkerProcess,
  id: string,
  endLease: () => Promise<unknown>,
): Promise<void> => {
  worker.signal("SIGSTOP");
  await endLease();
  await stage.startWorker(stage.direct);
  await stage.becomes(id, "SUCCEEDED", 60_000);
  const before = await stage.job(id);
  expect(before).toMatchObject({
    claim: 2,
    attempts: 0,
    records_written: expect.stringMatching(/^\d+$/),
  });

  stage.line.requests.set(Infinity);
  stage.line.answers.set(Infinity);
  worker.signal("SIGCONT");
  await waitFor(() => worker.logged("claim lost"), { timeoutMs: 30_000 });
  expect(await stage.job(id)).toEqual(before);
  await onlyItsFileIsLeft(id);
};

test("of two workers that reach for one job at the same moment one gets it", async () => {
  const id = await stage.order(ONE_DAY);
  const queue = createExportQueue({ url: stage.queueUrl, logger: createLogger("test", "silent") });
  await queue.add({ tenantId: stage.tenantId, jobId: id }, { claim: 1_000 });
  await queue.close();
  const held = await stage.hold(id);
  const alone = { EXPORT_CONCURRENCY: "1" };
  await Promise.all([stage.startWorker(alone), stage.startWorker(alone)]);
  await waitFor(async () => (await stage.waiting("claim = claim + 1")) === 2, {
    timeoutMs: 30_000,
  });
  await held.release();
  expect(await stage.becomes(id, "SUCCEEDED")).toMatchObject({ claim: 1, attempts: 0 });
  await onlyItsFileIsLeft(id);
});

test("a worker that was frozen past its lease in mid upload changes nothing when it wakes up", async () => {
  stage.line.requests.set(1_000_000);
  const worker = await stage.startWorker();
  const id = await stage.order(ALL_DAYS);
  await waitFor(async () => (await stage.stored()).some((each) => each.endsWith("(unfinished)")));
  // The lease runs out by itself: 20 s.
  await sleepThroughIt(worker, id, () =>
    waitFor(async () => !(await stage.job(id)).leased, { timeoutMs: 30_000 }),
  );
});

test("a worker that was frozen before its final write does not write it when it wakes up", async () => {
  stage.line.answers.set(0);
  const worker = await stage.startWorker();
  const id = await stage.order(ONE_DAY);
  // Its file is stored whole, and it does not know it yet.
  await waitFor(async () => (await stage.stored()).length === 1);
  // The database's clock alone counts: the worker takes its lease for valid, and tries to write.
  await sleepThroughIt(worker, id, () =>
    stage.superuser.query("UPDATE export_jobs SET lease_until = now() - interval '1 s'"),
  );
});

test("what a killed worker had sent is deleted also when it is stored after the sweep", async () => {
  stage.line.requests.set(0);
  const worker = await stage.startWorker();
  const before = stage.line.requests.taken();
  const id = await stage.order(ONE_DAY);
  // All of the request is on its way.
  await waitFor(async () => {
    const {
      records_written: written,
      records_expected: expected,
      bytes_written: bytes,
    } = await stage.job(id);
    return written === expected && stage.line.requests.taken() - before > Number(bytes);
  });
  worker.signal("SIGKILL");
  await worker.ended;
  expect((await stage.call("POST", `/v1/export-jobs/${id}/cancel`)).status).toBe(200);

  await stage.startWorker(stage.direct);
  await waitFor(
    async () => {
      const { rowCount } = await stage.superuser.query(
        "SELECT FROM stored_objects WHERE lost_at IS NOT NULL",
      );
      return rowCount === 1;
    },
    { timeoutMs: 20_000 },
  );
  expect(await stage.stored()).toEqual([]);
  stage.line.requests.set(Infinity);
  await waitFor(async () => (await stage.stored()).length === 1);
  await waitFor(async () => (await stage.stored()).length === 0, { timeoutMs: 60_000 });
  expect((await stage.job(id)).status).toBe("CANCELED");
});
