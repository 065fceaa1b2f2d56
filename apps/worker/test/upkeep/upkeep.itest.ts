import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { withTenant } from "@docket/platform/database";
import { waitFor } from "@docket/testing";
import { pino } from "pino";
import { runExport } from "../../src/exports/run-export.ts";
import { orphanSweeper } from "../../src/upkeep/orphan-sweeper.ts";
import { reconciler } from "../../src/upkeep/reconciler.ts";
import { retentionSweeper } from "../../src/upkeep/retention-sweeper.ts";
import { startUpkeep } from "../../src/upkeep/timer.ts";
import { createWorkerMetrics } from "../../src/metrics.ts";
import { createStage, type Stage } from "../support/stage.ts";

const tellNobody = (): void => undefined;

let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});
afterEach(() => stage.close());

const store = (key: string) =>
  stage.storage.put({
    key,
    body: Readable.from([Buffer.from("half")]),
    contentLength: 4,
    contentType: "text/csv",
  });

describe("the reconciler", () => {
  const reconcile = () => reconciler(stage.database, stage.helpers.queue, tellNobody).run();

  it("asks for a delivery of every job that is due", async () => {
    const [one, two] = [await stage.orderExport(), await stage.orderExport({ claim: 3 })];
    await stage.orderExport({ runAfter: new Date(Date.now() + 60_000) });
    await reconcile();
    expect(stage.queued).toEqual(
      expect.arrayContaining([
        { message: one, claim: 0, delayMs: undefined },
        { message: two, claim: 3, delayMs: undefined },
      ]),
    );
    expect(stage.queued).toHaveLength(2);
  });

  it("takes a job from a worker that is gone, and leaves it to one that is not", async () => {
    const gone = await stage.orderExport({
      status: "RUNNING",
      claim: 1,
      leaseUntil: new Date(Date.now() - 1_000),
    });
    const alive = await stage.orderExport({
      status: "RUNNING",
      claim: 1,
      leaseUntil: new Date(Date.now() + 20_000),
    });
    expect(await reconcile()).toEqual({ abandoned: 1, delivered: 1 });
    expect(await stage.job(gone)).toMatchObject({ status: "QUEUED", attempts: 0, claim: 1 });
    expect(await stage.job(alive)).toMatchObject({ status: "RUNNING" });
  });

  it("sees lost jobs and the next turns, however many wait for longer", async () => {
    await stage.owner.query(
      `INSERT INTO export_jobs (tenant_id, context_id, report_type, format, date_from, date_to, requested_by, turn, run_after)
       SELECT $1, $2, 'MATCHED', 'CSV', '2026-01-01', '2026-01-31', 'a crowd', 5, now() - interval '1 hour'
       FROM generate_series(1, 1000)`,
      [stage.tenantId, stage.contextId],
    );
    const leaseUntil = new Date(Date.now() - 1_000);
    const lost = await stage.orderExport({ status: "RUNNING", claim: 1, turn: 9, leaseUntil });
    const newcomer = await stage.orderExport({ turn: 1 });
    expect(await reconcile()).toEqual({ abandoned: 1, delivered: 1_000 });
    expect(stage.queued.slice(0, 2).map(({ message }) => message)).toEqual([lost, newcomer]);
  });
});

describe("the orphan sweeper", () => {
  const sweep = () => orphanSweeper(stage.database, stage.storage, stage.helpers.logger).run();

  /** What a worker that was killed leaves: a note, and perhaps an object. */
  const leave = async (
    jobId: string,
    claim: number,
    options: { ageSeconds: number },
  ): Promise<string> => {
    const key = `${stage.tenantId}/exports/${stage.contextId}/${jobId}/${claim}-UNMATCHED.csv`;
    await withTenant(stage.tenantId, () =>
      stage.database.prisma.storedObject.create({
        data: {
          key,
          tenantId: stage.tenantId,
          owner: `export_job:${jobId}`,
          createdAt: new Date(Date.now() - options.ageSeconds * 1_000),
        },
      }),
    );
    await store(key);
    return key;
  };

  it("removes what a claim that is over left, and only that", async () => {
    const order = await stage.orderExport();
    await runExport(order, stage.helpers);
    const file = (await stage.job(order)).objectKey!;
    await leave(order.jobId, 7, { ageSeconds: 60 });
    const running = await stage.orderExport({
      status: "RUNNING",
      claim: 2,
      leaseUntil: new Date(Date.now() + 20_000),
    });
    await leave(running.jobId, 1, { ageSeconds: 60 });
    const current = await leave(running.jobId, 2, { ageSeconds: 60 });

    expect(await sweep()).toEqual({ swept: 2 });
    expect((await stage.keys()).toSorted()).toEqual([file, current].toSorted());
    expect(await sweep()).toBeUndefined();
  });

  it("deletes again what comes late, and forgets it a quarter of an hour after it was lost", async () => {
    const { jobId } = await stage.orderExport({ claim: 1 });
    const key = await leave(jobId, 1, { ageSeconds: 60 });
    expect(await sweep()).toEqual({ swept: 1 });
    for (const [lostMinutes, notes] of [
      [1, 1],
      [16, 0],
    ] as const) {
      await store(key);
      // The next turn is half a minute later.
      expect(await sweep()).toBeUndefined();
      expect(await stage.keys()).toEqual([key]);
      await stage.owner.query(
        "UPDATE stored_objects SET lost_at = now() - make_interval(mins => $1), swept_at = now() - interval '31 s'",
        [lostMinutes],
      );
      expect(await sweep()).toBeUndefined();
      expect(await stage.keys()).toEqual([]);
      expect(await stage.notes()).toHaveLength(notes);
    }
  });

  it("finds a new loss behind many that are looked at again and again", async () => {
    const { jobId } = await stage.orderExport({ claim: 1 });
    await stage.owner.query(
      `INSERT INTO stored_objects (key, tenant_id, owner, created_at, lost_at, swept_at)
       SELECT $1 || '/exports/c/' || $2 || '/0-OLD' || n || '.csv', $1::uuid, 'export_job:' || $2, now() - interval '1 h', now(), now()
       FROM generate_series(1, 500) n`,
      [stage.tenantId, jobId],
    );
    await leave(jobId, 1, { ageSeconds: 60 });
    expect(await sweep()).toEqual({ swept: 1 });
    expect(await stage.keys()).toEqual([]);
  });
});

describe("the orphan sweeper, of evidence", () => {
  const sweep = () => orphanSweeper(stage.database, stage.storage, stage.helpers.logger).run();

  /** What an upload leaves whose API was killed, or whose store failed it. */
  const leave = async (owner: string, ageMinutes: number, committed = false): Promise<string> => {
    const key = `${stage.tenantId}/disputes/d/${randomUUID()}.csv`;
    await withTenant(stage.tenantId, () =>
      stage.database.prisma.storedObject.create({
        data: {
          key,
          tenantId: stage.tenantId,
          owner,
          createdAt: new Date(Date.now() - ageMinutes * 60_000),
          ...(committed && { committedAt: new Date() }),
        },
      }),
    );
    await store(key);
    return key;
  };

  it("takes away what nobody will commit, and leaves alone what somebody may", async () => {
    await leave("evidence:one", 16);
    await leave("orphan:two", 1);
    const kept = [
      await leave("evidence:three", 14),
      await leave("evidence:four", 60, true),
      await leave("something:five", 60),
    ].toSorted();
    expect(await sweep()).toEqual({ swept: 2 });
    expect((await stage.keys()).toSorted()).toEqual(kept);
    expect(await sweep()).toBeUndefined();
  });

  it("cannot be overtaken by an upload that wakes up late", async () => {
    const key = await leave("evidence:one", 16);
    const failing = { ...stage.storage, delete: () => Promise.reject(new Error("no store")) };
    await orphanSweeper(stage.database, failing, stage.helpers.logger).run();
    // As the API commits: conditional on the owner.
    const { count } = await withTenant(stage.tenantId, () =>
      stage.database.prisma.storedObject.updateMany({
        where: { key, owner: "evidence:one", committedAt: null },
        data: { committedAt: new Date() },
      }),
    );
    expect(count).toBe(0);
    expect(await sweep()).toEqual({ swept: 1 });
    expect(await stage.keys()).toEqual([]);
  });
});

describe("the retention sweeper", () => {
  it("deletes the file, then expires the job; twice does no harm, and neither do two at once", async () => {
    const [order, fresh] = [await stage.orderExport(), await stage.orderExport()];
    await runExport(order, stage.helpers);
    await runExport(fresh, stage.helpers);
    await stage.owner.query(
      "UPDATE export_jobs SET expires_at = now() - interval '1 s' WHERE id = $1",
      [order.jobId],
    );
    // As if a sweeper had died between deleting and marking.
    await stage.storage.delete((await stage.job(order)).objectKey!);

    const sweeper = retentionSweeper(
      stage.database,
      stage.storage,
      stage.helpers.logger,
      tellNobody,
    );
    const [one, two] = await Promise.all([sweeper.run(), sweeper.run()]);
    expect([one, two].filter((done) => done !== undefined)).toEqual([{ expired: 1 }]);
    expect(await stage.job(order)).toMatchObject({ status: "EXPIRED" });
    expect(await stage.job(fresh)).toMatchObject({ status: "SUCCEEDED" });
    expect(await stage.keys()).toEqual([(await stage.job(fresh)).objectKey]);
  });
});

describe("the upkeep timer", () => {
  it("runs its tasks in one worker at a time, goes on after a failure, and stops when told", async () => {
    let running = 0;
    let overlaps = 0;
    let turns = 0;
    const task = {
      name: "busy",
      run: async () => {
        overlaps += running++;
        await stage.owner.query("SELECT pg_sleep(0.02)");
        running -= 1;
        turns += 1;
        if (turns === 2) throw new Error("a bad turn");
        return undefined;
      },
    };
    const start = () =>
      startUpkeep({
        metrics: createWorkerMetrics(),
        tasks: [task],
        lock: 1,
        pool: stage.database.pool,
        intervalMs: 5,
        logger: pino({ level: "silent" }),
      });
    const upkeeps = [start(), start(), start()];
    await waitFor(() => turns >= 10);
    await Promise.all(upkeeps.map(({ close }) => close()));
    const after = turns;
    await stage.owner.query("SELECT pg_sleep(0.05)");
    expect({ overlaps, turns }).toEqual({ overlaps: 0, turns: after });
  });
});
