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

/** One day: a file that is uploaded in a single request. */
const FEW_ROWS = 1_440;
/** The file has 13 MB and is uploaded in parts. */
const MANY_ROWS = 80_000;

/** A test with a stage of its own. They run side by side, because they mostly wait. */
const onStage = (rows: number, work: (stage: ProcessStage) => Promise<void>) => async () => {
  const stage = await createProcessStage({ rows });
  try {
    await work(stage);
  } finally {
    await stage.close();
  }
};

/** Waits until the bucket holds nothing but the job's file, and verifies the file. */
async function expectOnlyTheFile(stage: ProcessStage, id: string): Promise<void> {
  const { object_key: file, sha256 } = await stage.readJob(id);
  await waitFor(
    async () => {
      const stored = await stage.listStored();
      return stored.length === 1 && stored[0] === file;
    },
    { timeoutMs: 60_000 },
  );
  expect(await stage.digestOf(id)).toBe(sha256);
}

/**
 * Freezes the worker that holds claim 1, expires its lease, lets a second worker finish the job, and resumes the first
 * worker. It must notice that it has lost the job and change nothing.
 */
async function expectFrozenWorkerToBeFenced(
  stage: ProcessStage,
  worker: WorkerProcess,
  id: string,
  expireLease: () => Promise<unknown>,
): Promise<void> {
  worker.signal("SIGSTOP");
  await expireLease();
  await stage.startWorker(stage.withoutProxy);
  await stage.waitForStatus(id, "SUCCEEDED", 60_000);
  const finished = await stage.readJob(id);
  expect(finished).toMatchObject({ claim: 2, attempts: 0 });

  stage.storeProxy.requests.set(Infinity);
  stage.storeProxy.responses.set(Infinity);
  worker.signal("SIGCONT");
  await waitFor(() => worker.hasLogged("claim lost"), { timeoutMs: 60_000 });
  expect(await stage.readJob(id)).toEqual(finished);
  await expectOnlyTheFile(stage, id);
}

// In one block, because only the tests of one block run side by side.
describe("workers that are lost", () => {
  it.concurrent(
    "two workers cannot claim the same job",
    onStage(FEW_ROWS, async (stage) => {
      const id = await stage.createExport(ONE_DAY);
      const logger = createLogger("test", "silent");
      const queue = createExportQueue({ url: stage.queueUrl, logger });
      await queue.add({ tenantId: stage.tenantId, jobId: id }, { claim: 1_000 });
      await queue.close();
      const lock = await stage.lockRow(id);
      const oneAtATime = { EXPORT_CONCURRENCY: "1" };
      await Promise.all([stage.startWorker(oneAtATime), stage.startWorker(oneAtATime)]);
      await waitFor(async () => (await stage.countLockWaits("claim = claim + 1")) === 2, {
        timeoutMs: 60_000,
      });
      await lock.release();
      const job = await stage.waitForStatus(id, "SUCCEEDED");
      expect(job).toMatchObject({ claim: 1, attempts: 0 });
      await expectOnlyTheFile(stage, id);
    }),
  );

  it.concurrent(
    "a worker that was frozen past its lease changes nothing when it resumes in the middle of an upload",
    onStage(MANY_ROWS, async (stage) => {
      stage.storeProxy.requests.set(1_000_000);
      const worker = await stage.startWorker();
      const id = await stage.createExport(ALL_DAYS);
      await waitFor(async () => (await stage.listStored()).some((key) => /unfinished/.test(key)));
      // The lease expires by itself after 20 s.
      await expectFrozenWorkerToBeFenced(stage, worker, id, () =>
        waitFor(async () => !(await stage.readJob(id)).leased, { timeoutMs: 60_000 }),
      );
    }),
  );

  it.concurrent(
    "a worker that was frozen past its lease changes nothing when it resumes before its final write",
    onStage(FEW_ROWS, async (stage) => {
      stage.storeProxy.responses.set(0);
      const worker = await stage.startWorker();
      const id = await stage.createExport(ONE_DAY);
      // The object is complete, but the store's response does not reach the worker.
      await waitFor(async () => (await stage.listStored()).length === 1);
      // By its own clock the worker still holds the lease, so it does attempt the write.
      await expectFrozenWorkerToBeFenced(stage, worker, id, () =>
        stage.superuser.query("UPDATE export_jobs SET lease_until = now() - interval '1 s'"),
      );
    }),
  );

  it.concurrent(
    "an upload of a killed worker is deleted even if it completes after the sweep",
    onStage(FEW_ROWS, async (stage) => {
      stage.storeProxy.requests.set(0);
      const worker = await stage.startWorker();
      const before = stage.storeProxy.requests.received();
      const id = await stage.createExport(ONE_DAY);
      // The proxy holds the complete request.
      await waitFor(async () => {
        const job = await stage.readJob(id);
        const taken = stage.storeProxy.requests.received() - before;
        return job.records_written === job.records_expected && taken > Number(job.bytes_written);
      });
      worker.signal("SIGKILL");
      await worker.ended;
      expect((await stage.call("POST", `/v1/export-jobs/${id}/cancel`)).status).toBe(200);

      await stage.startWorker(stage.withoutProxy);
      await waitFor(
        async () => {
          const { rowCount } = await stage.superuser.query(
            "SELECT FROM stored_objects WHERE lost_at IS NOT NULL",
          );
          return rowCount === 1;
        },
        { timeoutMs: 60_000 },
      );
      expect(await stage.listStored()).toEqual([]);
      stage.storeProxy.requests.set(Infinity);
      await waitFor(async () => (await stage.listStored()).length === 1);
      await waitFor(async () => (await stage.listStored()).length === 0, { timeoutMs: 60_000 });
      expect((await stage.readJob(id)).status).toBe("CANCELED");
    }),
  );
});
