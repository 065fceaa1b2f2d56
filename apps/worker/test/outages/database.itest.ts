import type { ExportMessage } from "@docket/platform/queue";
import { waitFor, type WaitOptions } from "@docket/testing";
import {
  createOutage,
  SHUTDOWN_LIMIT_MS,
  type Outage,
  type OutageOptions,
} from "../support/outage.ts";
import { blockExports, type Stage } from "../support/stage.ts";

/** Declares a test with an outage of its own. They run side by side, because most of them wait until a lease of 20 s expires. */
const outageTest = (
  name: string,
  work: (outage: Outage) => Promise<void>,
  options: OutageOptions = {},
): void =>
  it.concurrent(name, async () => {
    const outage = await createOutage(options);
    try {
      await work(outage);
    } finally {
      await outage.close();
    }
  });

/** Waits until the job has succeeded without using up an attempt, and checks that the next job succeeds too. */
const expectSuccess = async (
  outage: Outage,
  message: ExportMessage,
  claim: number = expect.any(Number) as number,
): Promise<void> => {
  const job = await outage.waitForStatus(message, "SUCCEEDED");
  // Before the row, because it shows the error that was not recognized as an outage.
  expect(outage.log.filter(({ msg }) => msg === "export attempt failed, will retry")).toEqual([]);
  expect(job).toMatchObject({ claim, attempts: 0, recordsWritten: 1_000n, error: null });
  expect((await outage.stage.download(job.objectKey!)).sha256).toBe(job.sha256);
  await outage.waitForCleanBucket();
  const next = await outage.waitForStatus(await outage.stage.createExport(), "SUCCEEDED");
  expect(next).toMatchObject({ claim: 1, attempts: 0 });
};

/** Waits until a statement like this one waits for a lock. */
const waitForLock = ({ superuser }: Stage, statement: string): Promise<unknown> =>
  waitFor(async () => {
    // The superuser may be in a transaction, which otherwise sees the first snapshot of the view.
    await superuser.query("SELECT pg_stat_clear_snapshot()");
    const { rowCount } = await superuser.query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE $1",
      [statement],
    );
    return rowCount === 1;
  });

/** Starts an export and waits until its first query is blocked. */
const blockFirstQuery = async ({ stage }: Outage) => {
  const block = await blockExports(stage);
  const message = await stage.createExport();
  await waitForLock(stage, "EXPLAIN%");
  return { message, release: block.release };
};

const waitForLog = ({ log }: Outage, message: string, options?: WaitOptions): Promise<unknown> =>
  waitFor(() => log.some(({ msg }) => msg === message), options);

/** Waits until the worker has given up its claim. */
const waitForLostClaim = (outage: Outage, timeoutMs: number): Promise<unknown> =>
  waitForLog(outage, "claim lost", { timeoutMs });

/** Runs an export up to its last write, and blocks it there. */
const blockLastWrite = async ({ stage }: Outage) => {
  const block = await blockExports(stage);
  const message = await stage.createExport();
  await waitFor(async () => (await stage.storedObjects()).length === 1);
  await stage.superuser.query("BEGIN");
  await stage.superuser.query("SELECT FROM stored_objects FOR UPDATE");
  await block.release();
  await waitForLock(stage, "%UPDATE stored_objects SET committed_at%");
  return { message, release: async () => void (await stage.superuser.query("ROLLBACK")) };
};

// In one block, because only the tests of one block run side by side.
describe("outages of Postgres", () => {
  outageTest(
    "when Postgres drops the connection during the COPY, the export starts again at once",
    async (outage) => {
      const { stage, database } = outage;
      await stage.owner.query(
        "UPDATE transactions SET description = repeat(md5(external_id), 300)",
      );
      database.slowDown(4_000_000);
      const message = await stage.createExport();
      await waitFor(async () => (await stage.job(message)).bytesWritten > 1_000_000n);
      database.cutAfter(1_000_000);
      await expectSuccess(outage, message, 2);
    },
  );

  outageTest(
    "when Postgres drops the connection during the last write, the export starts again once the lease has expired",
    async (outage) => {
      const { message, release } = await blockLastWrite(outage);
      await outage.database.refuse();
      await release();
      // Until then, the worker may still hand the job back, and the lease need not expire.
      await waitForLog(outage, "queue message failed");
      await outage.database.pass();
      await expectSuccess(outage, message, 2);
    },
  );

  outageTest(
    "when Postgres drops the connection before it has confirmed the last COMMIT, the export keeps its file",
    async (outage) => {
      const { message, release } = await blockLastWrite(outage);
      outage.database.dropReplyTo("COMMIT");
      await release();
      const job = await outage.waitForStatus(message, "SUCCEEDED");
      // This waits for the running handler.
      await outage.stop();
      expect(await outage.stage.job(message)).toEqual(job);
      expect(job).toMatchObject({ claim: 1, attempts: 0 });
      expect((await outage.stage.download(job.objectKey!)).sha256).toBe(job.sha256);
      expect(outage.log.map(({ msg }) => msg)).not.toContain(
        "object deletion failed; the orphan sweeper will retry",
      );
    },
    // Upkeep commits too: keep its COMMITs out of the way.
    { upkeepIntervalMs: 30_000 },
  );

  outageTest(
    "when Postgres is unavailable together with the queue during an export, the job runs again within a minute",
    async (outage) => {
      const { stage, database, queue } = outage;
      const block = await blockExports(stage);
      const message = await stage.createExport();
      await outage.waitForStatus(message, "RUNNING");
      await Promise.all([database.refuse(), queue.refuse()]);
      await block.release();
      // Created by an API that still reaches the database.
      const other = await stage.createExport();
      await waitForLog(outage, "queue message failed");
      await Promise.all([database.pass(), queue.pass()]);
      await outage.waitForStatus(other, "SUCCEEDED");
      await expectSuccess(outage, message, 2);
    },
  );

  outageTest(
    "when Postgres is unavailable without closing connections, the worker stops the export when its lease expires, and it runs again",
    async (outage) => {
      const { database, queue } = outage;
      const { message, release } = await blockFirstQuery(outage);
      database.hang();
      queue.hang();
      await waitForLostClaim(outage, 40_000);
      await release();
      await Promise.all([database.pass(), queue.pass()]);
      await expectSuccess(outage, message, 2);
    },
  );

  outageTest(
    "when Postgres is unavailable at start, the worker waits for it",
    async (outage) => {
      const hasLogged = (message: string) => outage.log.some(({ msg }) => msg === message);
      await waitFor(() => hasLogged("database unavailable, retrying the role check"));
      const message = await outage.stage.createExport();
      await outage.database.pass();
      await expectSuccess(outage, message, 1);
      expect(hasLogged("ready")).toBe(true);
    },
    { startWithoutDatabase: true },
  );

  outageTest(
    "when Postgres is unavailable at start, the worker still stops in time",
    async (outage) => {
      expect(await outage.stop()).toBeLessThan(SHUTDOWN_LIMIT_MS);
      expect(outage.log.map(({ msg }) => msg)).not.toContain("ready");
    },
    { startWithoutDatabase: true },
  );

  outageTest("when Postgres is unavailable, the worker still stops in time", async (outage) => {
    const { stage, database, queue } = outage;
    const block = await blockExports(stage);
    await outage.waitForStatus(await stage.createExport(), "RUNNING");
    await Promise.all([database.refuse(), queue.refuse()]);
    expect(await outage.stop()).toBeLessThan(SHUTDOWN_LIMIT_MS);
    await block.release();
  });

  outageTest(
    "when the replica is silent, the worker stops the export when its lease expires, and it runs again",
    async (outage) => {
      const { replica } = outage;
      const { message, release } = await blockFirstQuery(outage);
      replica.hang();
      await waitForLostClaim(outage, 40_000);
      await release();
      await replica.pass();
      await expectSuccess(outage, message);
    },
  );

  outageTest(
    "when the replica is silent, a canceled export still stops within seconds",
    async (outage) => {
      const { stage, replica } = outage;
      const { message, release } = await blockFirstQuery(outage);
      replica.hang();
      await stage.superuser.query(
        "UPDATE export_jobs SET status = 'CANCELED', lease_until = NULL, finished_at = now()",
      );
      // Each ping has a limit of 5 s.
      await waitForLostClaim(outage, 15_000);
      await release();
      await replica.pass();
      expect(await stage.job(message)).toMatchObject({ status: "CANCELED", attempts: 0 });
    },
  );

  outageTest(
    "when the replica cancels the export for the sake of its recovery, the export starts again without using up an attempt",
    async (outage) => {
      const { stage } = outage;
      await stage.owner.query(`
      CREATE FUNCTION conflict() RETURNS boolean LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'canceling statement due to conflict with recovery' USING ERRCODE = '40001';
      END $$;
      CREATE POLICY conflict ON transactions AS RESTRICTIVE FOR SELECT TO docket_app USING ((SELECT conflict()))`);
      const message = await stage.createExport();
      await waitForLog(outage, "export job handed back");
      await stage.owner.query("DROP POLICY conflict ON transactions");
      await expectSuccess(outage, message);
    },
  );
});
