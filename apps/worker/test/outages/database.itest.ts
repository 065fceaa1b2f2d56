import type { ExportMessage } from "@docket/platform/queue";
import { waitFor } from "@docket/testing";
import { createOutage, type Outage } from "../support/outage.ts";
import { holdExports } from "../support/stage.ts";

// A lease of 20 s runs out in most of these.
jest.setTimeout(120_000);

let outage: Outage;
const begin = async (upkeepIntervalMs?: number): Promise<void> => {
  outage = await createOutage(upkeepIntervalMs === undefined ? {} : { upkeepIntervalMs });
};
afterEach(() => outage.close());

/** Waits until the job has its file after all, and says that it cost no attempt. */
const succeeds = async (order: ExportMessage, claim: number): Promise<void> => {
  const job = await outage.becomes(order, "SUCCEEDED");
  expect(job).toMatchObject({ claim, attempts: 0, recordsWritten: 1_000n, error: null });
  expect((await outage.stage.download(job.objectKey!)).sha256).toBe(job.sha256);
  await outage.settles();
  const after = await outage.becomes(await outage.stage.orderExport(), "SUCCEEDED");
  expect(after).toMatchObject({ claim: 1, attempts: 0 });
};

/** Waits until somebody in the database waits for a lock with a statement like that. */
const waits = (statement: string): Promise<unknown> =>
  waitFor(async () => {
    // Inside of a transaction the view would stay as it was.
    await outage.stage.superuser.query("SELECT pg_stat_clear_snapshot()");
    const { rowCount } = await outage.stage.superuser.query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE $1",
      [statement],
    );
    return rowCount === 1;
  });

/** Lets an export come up to its last write, and holds it there. */
const atTheLastWrite = async (): Promise<{
  order: ExportMessage;
  release: () => Promise<void>;
}> => {
  const { stage } = outage;
  const hold = await holdExports(stage);
  const order = await stage.orderExport();
  await waitFor(async () => (await stage.notes()).length === 1);
  await stage.superuser.query("BEGIN");
  await stage.superuser.query("SELECT FROM stored_objects FOR UPDATE");
  await hold.release();
  await waits("UPDATE %stored_objects%committed_at%");
  return { order, release: async () => void (await stage.superuser.query("ROLLBACK")) };
};

describe("when Postgres drops the connection", () => {
  it("in the middle of the COPY, the export begins anew at once", async () => {
    await begin();
    const { stage, database } = outage;
    await stage.owner.query("UPDATE transactions SET description = repeat(md5(external_id), 300)");
    database.slowDown(4_000_000);
    const order = await stage.orderExport();
    await waitFor(async () => (await stage.job(order)).bytesWritten > 1_000_000n);
    database.cutAfter(1_000_000);
    await succeeds(order, 2);
  });

  it("in the middle of the last write, the export begins anew once the lease is over", async () => {
    await begin();
    const { order, release } = await atTheLastWrite();
    await outage.database.refuse();
    await release();
    await outage.database.pass();
    await succeeds(order, 2);
  });

  it("before it has answered the last COMMIT, the export has its file and keeps it", async () => {
    // Upkeep commits too: no other COMMIT may come between.
    await begin(30_000);
    const { order, release } = await atTheLastWrite();
    outage.database.dropReplyTo("COMMIT");
    await release();
    const job = await outage.becomes(order, "SUCCEEDED");
    // Waits for the running delivery.
    await outage.stop();
    expect(await outage.stage.job(order)).toEqual(job);
    expect(job).toMatchObject({ claim: 1, attempts: 0 });
    expect((await outage.stage.download(job.objectKey!)).sha256).toBe(job.sha256);
    expect(outage.log.map(({ msg }) => msg)).not.toContain("left an object to the sweeper");
  });
});

describe("when Postgres is away", () => {
  it("while an export runs, the queue on it too, the job is taken up again within a minute", async () => {
    await begin();
    const { stage, database, queue } = outage;
    const hold = await holdExports(stage);
    const order = await stage.orderExport();
    await outage.becomes(order, "RUNNING");
    await Promise.all([database.refuse(), queue.refuse()]);
    await hold.release();
    // Ordered by an API that reaches what the worker does not.
    const other = await stage.orderExport();
    await waitFor(() => outage.log.some(({ msg }) => msg === "job delivery failed"));
    await Promise.all([database.pass(), queue.pass()]);
    await outage.becomes(other, "SUCCEEDED");
    await succeeds(order, 2);
  });

  it("and silent, the worker gives the export up when its lease is over, and takes it up again", async () => {
    await begin();
    const { stage, database, queue } = outage;
    const hold = await holdExports(stage);
    const order = await stage.orderExport();
    await waits("EXPLAIN%");
    database.hang();
    queue.hang();
    await waitFor(() => outage.log.some(({ msg }) => msg === "the job is no longer ours"), {
      timeoutMs: 40_000,
    });
    await hold.release();
    await Promise.all([database.pass(), queue.pass()]);
    await succeeds(order, 2);
  });

  it("the worker stops in time all the same", async () => {
    await begin();
    const { stage, database, queue } = outage;
    const hold = await holdExports(stage);
    await outage.becomes(await stage.orderExport(), "RUNNING");
    await Promise.all([database.refuse(), queue.refuse()]);
    expect(await outage.stop()).toBeLessThan(9_000);
    await hold.release();
  });
});
