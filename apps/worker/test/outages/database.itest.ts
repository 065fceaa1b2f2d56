import type { ExportMessage } from "@docket/platform/queue";
import { waitFor } from "@docket/testing";
import { createOutage, type Outage } from "../support/outage.ts";
import { blockExports } from "../support/stage.ts";

// In most of these tests a lease of 20 s expires.
let outage: Outage;
const start = async (upkeepIntervalMs?: number): Promise<void> => {
  outage = await createOutage(upkeepIntervalMs === undefined ? {} : { upkeepIntervalMs });
};
afterEach(() => outage.close());

/** Waits until the job has succeeded without using up an attempt, and checks that the next job succeeds too. */
const expectSuccess = async (
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
const waitForLock = (statement: string): Promise<unknown> =>
  waitFor(async () => {
    // The superuser may be in a transaction, which otherwise sees the first snapshot of the view.
    await outage.stage.superuser.query("SELECT pg_stat_clear_snapshot()");
    const { rowCount } = await outage.stage.superuser.query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE $1",
      [statement],
    );
    return rowCount === 1;
  });

/** Starts an export and waits until its first query is blocked. */
const blockFirstQuery = async () => {
  const block = await blockExports(outage.stage);
  const message = await outage.stage.createExport();
  await waitForLock("EXPLAIN%");
  return { message, release: block.release };
};

/** Waits until the worker has given up its claim. */
const waitForLostClaim = (timeoutMs: number): Promise<unknown> =>
  waitFor(() => outage.log.some(({ msg }) => msg === "claim lost"), { timeoutMs });

/** Runs an export up to its last write, and blocks it there. */
const blockLastWrite = async (): Promise<{
  message: ExportMessage;
  release: () => Promise<void>;
}> => {
  const { stage } = outage;
  const block = await blockExports(stage);
  const message = await stage.createExport();
  await waitFor(async () => (await stage.storedObjects()).length === 1);
  await stage.superuser.query("BEGIN");
  await stage.superuser.query("SELECT FROM stored_objects FOR UPDATE");
  await block.release();
  await waitForLock("%UPDATE stored_objects SET committed_at%");
  return { message, release: async () => void (await stage.superuser.query("ROLLBACK")) };
};

describe("when Postgres drops the connection", () => {
  it("during the COPY, the export starts again at once", async () => {
    await start();
    const { stage, database } = outage;
    await stage.owner.query("UPDATE transactions SET description = repeat(md5(external_id), 300)");
    database.slowDown(4_000_000);
    const message = await stage.createExport();
    await waitFor(async () => (await stage.job(message)).bytesWritten > 1_000_000n);
    database.cutAfter(1_000_000);
    await expectSuccess(message, 2);
  });

  it("during the last write, the export starts again once the lease has expired", async () => {
    await start();
    const { message, release } = await blockLastWrite();
    await outage.database.refuse();
    await release();
    await outage.database.pass();
    await expectSuccess(message, 2);
  });

  it("before it has confirmed the last COMMIT, the export keeps its file", async () => {
    // Upkeep commits too: keep its COMMITs out of the way.
    await start(30_000);
    const { message, release } = await blockLastWrite();
    outage.database.dropReplyTo("COMMIT");
    await release();
    const job = await outage.waitForStatus(message, "SUCCEEDED");
    // This waits for the running delivery.
    await outage.stop();
    expect(await outage.stage.job(message)).toEqual(job);
    expect(job).toMatchObject({ claim: 1, attempts: 0 });
    expect((await outage.stage.download(job.objectKey!)).sha256).toBe(job.sha256);
    expect(outage.log.map(({ msg }) => msg)).not.toContain(
      "object deletion failed; the orphan sweeper will retry",
    );
  });
});

describe("when Postgres is unavailable", () => {
  it("together with the queue during an export, the job runs again within a minute", async () => {
    await start();
    const { stage, database, queue } = outage;
    const block = await blockExports(stage);
    const message = await stage.createExport();
    await outage.waitForStatus(message, "RUNNING");
    await Promise.all([database.refuse(), queue.refuse()]);
    await block.release();
    // Created by an API that still reaches the database.
    const other = await stage.createExport();
    await waitFor(() => outage.log.some(({ msg }) => msg === "job delivery failed"));
    await Promise.all([database.pass(), queue.pass()]);
    await outage.waitForStatus(other, "SUCCEEDED");
    await expectSuccess(message, 2);
  });

  it("without closing connections, the worker stops the export when its lease expires, and it runs again", async () => {
    await start();
    const { database, queue } = outage;
    const { message, release } = await blockFirstQuery();
    database.hang();
    queue.hang();
    await waitForLostClaim(40_000);
    await release();
    await Promise.all([database.pass(), queue.pass()]);
    await expectSuccess(message, 2);
  });

  it("at start, the worker waits for it", async () => {
    outage = await createOutage({ startWithoutDatabase: true });
    const hasLogged = (message: string) => outage.log.some(({ msg }) => msg === message);
    await waitFor(() => hasLogged("database unavailable, retrying the role check"));
    const message = await outage.stage.createExport();
    await outage.database.pass();
    await expectSuccess(message, 1);
    expect(hasLogged("ready")).toBe(true);
  });

  it("at start, the worker still stops in time", async () => {
    outage = await createOutage({ startWithoutDatabase: true });
    expect(await outage.stop()).toBeLessThan(9_000);
    expect(outage.log.map(({ msg }) => msg)).not.toContain("ready");
  });

  it("the worker still stops in time", async () => {
    await start();
    const { stage, database, queue } = outage;
    const block = await blockExports(stage);
    await outage.waitForStatus(await stage.createExport(), "RUNNING");
    await Promise.all([database.refuse(), queue.refuse()]);
    expect(await outage.stop()).toBeLessThan(9_000);
    await block.release();
  });
});

describe("when the replica", () => {
  it("is silent, the worker stops the export when its lease expires, and it runs again", async () => {
    await start();
    const { replica } = outage;
    const { message, release } = await blockFirstQuery();
    replica.hang();
    await waitForLostClaim(40_000);
    await release();
    await replica.pass();
    await expectSuccess(message);
  });

  it("is silent, a canceled export still stops within seconds", async () => {
    await start();
    const { stage, replica } = outage;
    const { message, release } = await blockFirstQuery();
    replica.hang();
    await stage.superuser.query(
      "UPDATE export_jobs SET status = 'CANCELED', lease_until = NULL, finished_at = now()",
    );
    // Each ping has a limit of 5 s.
    await waitForLostClaim(15_000);
    await release();
    await replica.pass();
    expect(await stage.job(message)).toMatchObject({ status: "CANCELED", attempts: 0 });
  });

  it("cancels the export for the sake of its recovery, the export starts again without using up an attempt", async () => {
    await start();
    const { stage } = outage;
    await stage.owner.query(`
      CREATE FUNCTION conflict() RETURNS boolean LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'canceling statement due to conflict with recovery' USING ERRCODE = '40001';
      END $$;
      CREATE POLICY conflict ON transactions AS RESTRICTIVE FOR SELECT TO docket_app USING ((SELECT conflict()))`);
    const message = await stage.createExport();
    await waitFor(() => outage.log.some(({ msg }) => msg === "export job handed back"));
    await stage.owner.query("DROP POLICY conflict ON transactions");
    await expectSuccess(message);
  });
});
