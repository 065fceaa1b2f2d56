import { QueueUnavailableError, type ExportMessage } from "@docket/platform/queue";
import type { ExportTools } from "../../src/exports/tools.ts";
import { reconciler } from "../../src/upkeep/reconciler.ts";
import { createStage, type Stage } from "../support/stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});
afterEach(() => stage.close());

const reconcile = (queue: ExportTools["queue"] = stage.tools.queue) =>
  reconciler({ ...stage.tools, database: stage.database, queue }).run(new AbortController().signal);

const secondsFromNow = (seconds: number): Date => new Date(Date.now() + seconds * 1_000);

describe("the reconciler", () => {
  it("enqueues every job that is due", async () => {
    const [one, two] = [await stage.createExport(), await stage.createExport({ claim: 3 })];
    await stage.createExport({ runAfter: secondsFromNow(60) });
    await reconcile();
    expect(stage.enqueued).toEqual(
      expect.arrayContaining([
        { message: one, claim: 0, delayMs: undefined },
        { message: two, claim: 3, delayMs: undefined },
      ]),
    );
    expect(stage.enqueued).toHaveLength(2);
  });

  it("enqueues the other jobs when the queue does not accept one", async () => {
    const messages: ExportMessage[] = [];
    for (let n = 0; n < 60; n++) messages.push(await stage.createExport({ turn: n + 1 }));
    const refused = messages[0]!.jobId;
    const add: ExportTools["queue"]["add"] = async (message, options) => {
      if (message.jobId === refused) throw new QueueUnavailableError("slow");
      await stage.tools.queue.add(message, options);
    };
    await expect(reconcile({ add })).rejects.toBeInstanceOf(QueueUnavailableError);
    expect(stage.enqueued.map(({ message }) => message.jobId)).toEqual(
      messages.slice(1).map(({ jobId }) => jobId),
    );
  });

  it("enqueues the other jobs when the job of a lost worker cannot be requeued", async () => {
    const leaseUntil = secondsFromNow(-1);
    const stuck = await stage.createExport({ status: "RUNNING", claim: 1, leaseUntil });
    const due = await stage.createExport();
    await stage.owner.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
      CREATE TRIGGER refuse BEFORE UPDATE ON export_jobs FOR EACH ROW WHEN (OLD.id = '${stuck.jobId}') EXECUTE FUNCTION refuse()`);
    await reconcile();
    expect(stage.enqueued.map(({ message }) => message)).toContainEqual(due);
  });

  it("stops when the queue accepts nothing", async () => {
    for (let n = 0; n < 60; n++) await stage.createExport();
    let added = 0;
    const add = async (): Promise<never> => {
      added += 1;
      throw new QueueUnavailableError("down");
    };
    await expect(reconcile({ add })).rejects.toBeInstanceOf(QueueUnavailableError);
    expect(added).toBe(50);
  });

  it("requeues a job whose lease has expired, and no other", async () => {
    const running = { status: "RUNNING", claim: 1 };
    const lost = await stage.createExport({ ...running, leaseUntil: secondsFromNow(-1) });
    const alive = await stage.createExport({ ...running, leaseUntil: secondsFromNow(20) });
    expect(await reconcile()).toEqual({ abandoned: 1, delivered: 1 });
    expect(await stage.job(lost)).toMatchObject({ status: "QUEUED", attempts: 0, claim: 1 });
    expect(await stage.job(alive)).toMatchObject({ status: "RUNNING" });
  });

  it("handles lost jobs and the lowest turns first, however many jobs have waited longer", async () => {
    await stage.owner.query(
      `INSERT INTO export_jobs (tenant_id, context_id, report_type, format, date_from, date_to, requested_by, turn, run_after)
       SELECT $1, $2, 'MATCHED', 'CSV', '2026-01-01', '2026-01-31', 'a crowd', 5, now() - interval '1 hour'
       FROM generate_series(1, 1000)`,
      [stage.tenantId, stage.contextId],
    );
    const leaseUntil = secondsFromNow(-1);
    const lost = await stage.createExport({ status: "RUNNING", claim: 1, turn: 9, leaseUntil });
    const newcomer = await stage.createExport({ turn: 1 });
    expect(await reconcile()).toEqual({ abandoned: 1, delivered: 1_000 });
    expect(stage.enqueued.slice(0, 2).map(({ message }) => message)).toEqual([lost, newcomer]);
  });
});
