import {
  exportLifecycle,
  exportTransition,
  MAX_CLAIMS,
  UNFINISHED_EXPORT_STATUSES,
  type ExportAction,
  type ExportStatus,
} from "@docket/domain";
import type { Database } from "../../../src/database/index.ts";
import {
  cancelExportJob,
  claimExportJob,
  countUnfinishedExportJobs,
  expireExportJob,
  failExportJob,
  takeExpiredExportJobs,
  findDueExportJobs,
  giveUpExportJob,
  handBackExportJob,
  registerObject,
  renewExportJob,
  requeueExportJob,
  retryExportJob,
  succeedExportJob,
  type ExportClaim,
  type ExportFile,
  type ExportJob,
} from "../../../src/rows/index.ts";
import { createRowsStage, HOLDER, IN_STATE, type RowsTenant } from "../stage.ts";

const stage = createRowsStage();
let tenant: RowsTenant;
beforeEach(async () => {
  tenant = await stage.addTenant();
});

const FUTURE = new Date("2100-01-01T00:00:00Z");
const ACTOR = { actor: "alice", requestId: "r" };
const FILE: Omit<ExportFile, "objectKey"> = {
  recordsWritten: 1,
  recordsExpected: 1,
  bytesWritten: 1,
  sha256: "cd".repeat(32),
  contentSha256: undefined,
  asOf: new Date("2026-02-01T00:00:00Z"),
  fileName: "f.csv",
};

/** Every statement that sets the status of a job, or depends on it. */
const STATEMENTS = {
  claim: ({ prisma }, { id }) => claimExportJob(prisma, id),
  renew: ({ prisma }, claim) =>
    renewExportJob(prisma, claim, { ...FILE, recordsExpected: undefined }),
  succeed: async (database, claim) => {
    const objectKey = `${tenant.tenantId}/exports/${claim.id}`;
    const owner = { kind: "export-job", id: claim.id } as const;
    await registerObject(database.prisma, { key: objectKey, owner });
    return succeedExportJob(database, claim, { ...FILE, objectKey }, 7);
  },
  retry: ({ prisma }, claim) => retryExportJob(prisma, claim, 1_000),
  "hand-back": ({ prisma }, claim) => handBackExportJob(prisma, claim, 0),
  requeue: ({ prisma }, claim) => requeueExportJob(prisma, claim),
  fail: ({ prisma }, claim) => failExportJob(prisma, claim, { code: "x", message: "X." }),
  "give-up": ({ prisma }, { id }) => giveUpExportJob(prisma, id),
  cancel: ({ prisma }, { id }) => cancelExportJob(prisma, id, ACTOR),
  expire: (database, { id }) => expireExportJob(database, id, async () => undefined),
} as const satisfies Record<
  ExportAction,
  (database: Database, claim: ExportClaim) => Promise<ExportJob | undefined>
>;

const ACTIONS = Object.keys(STATEMENTS) as readonly ExportAction[];

/** `give-up` applies to jobs that used up their claims, all others to jobs that did not. */
const claimFor = (action: ExportAction): number => (action === "give-up" ? MAX_CLAIMS : 3);

/** Runs the statement of `action` on a job and compares the row before and after. */
async function execute(action: ExportAction, id: string, claim = claimFor(action)) {
  const before = await tenant.job(id);
  const result = await tenant.run(() =>
    STATEMENTS[action](stage.database, { id, claim, holder: HOLDER }),
  );
  return { before, after: await tenant.job(id), result };
}

const CASES = ACTIONS.flatMap((action) =>
  exportLifecycle.states.map((status) => ({
    action,
    status,
    to: exportLifecycle.next(status, action)[0],
  })),
);

describe("the statement of each action, in each state", () => {
  it.each(CASES.filter(({ to }) => to !== undefined))(
    "$action changes $status to $to",
    async ({ action, status, to }) => {
      const columns = { ...IN_STATE[status](), claim: claimFor(action) };
      const { after, result } = await execute(action, await tenant.insertJob(columns));
      expect(after.status).toBe(to);
      expect(after.leaseUntil !== null).toBe(to === "RUNNING");
      expect(result).toMatchObject({ id: after.id, status: to, claim: after.claim });
    },
  );

  it.each(CASES.filter(({ to }) => to === undefined))(
    "$action leaves $status unchanged",
    async ({ action, status }) => {
      const columns = { ...IN_STATE[status](), claim: claimFor(action) };
      const { before, after, result } = await execute(action, await tenant.insertJob(columns));
      expect(after).toEqual(before);
      expect(result).toBeUndefined();
    },
  );
});

const withGuard = (wanted: string) =>
  ACTIONS.filter((action) => exportTransition(action).guard === wanted).flatMap((action) =>
    exportTransition(action).from.map((status) => ({ action, status })),
  );

describe("the guard of each action", () => {
  it.each(withGuard("holder"))(
    "$action of a $status job requires the current claim",
    async ({ action, status }) => {
      const id = await tenant.insertJob({ ...IN_STATE[status](), claim: 4 });
      const { before, after, result } = await execute(action, id, 3);
      expect(after).toEqual(before);
      expect(result).toBeUndefined();
    },
  );

  it.each(withGuard("lease-expired").filter(({ status }) => status === "RUNNING"))(
    "$action of a RUNNING job requires that its lease has expired",
    async ({ action }) => {
      const columns = { status: "RUNNING", leaseUntil: FUTURE, claim: claimFor(action) };
      const { before, after, result } = await execute(action, await tenant.insertJob(columns));
      expect(after).toEqual(before);
      expect(result).toBeUndefined();
    },
  );

  it("requeue requires the claim that the reconciler saw", async () => {
    const id = await tenant.insertJob({ ...IN_STATE.RUNNING(), claim: 4 });
    const { before, after } = await execute("requeue", id, 3);
    expect(after).toEqual(before);
  });

  it.each(UNFINISHED_EXPORT_STATUSES)(
    "a %s job is claimed at most MAX_CLAIMS times, and given up only then",
    async (status) => {
      const lastButOne = await tenant.insertJob({ ...IN_STATE[status](), claim: MAX_CLAIMS - 1 });
      expect((await execute("give-up", lastButOne)).result).toBeUndefined();
      expect((await execute("claim", lastButOne)).result).toMatchObject({ claim: MAX_CLAIMS });
      const used = await tenant.insertJob({ ...IN_STATE[status](), claim: MAX_CLAIMS });
      expect((await execute("claim", used)).result).toBeUndefined();
      expect((await execute("give-up", used)).after).toMatchObject({
        status: "FAILED",
        errorCode: "worker_lost",
      });
    },
  );

  it.each(ACTIONS)("%s changes no job of another tenant", async (action) => {
    const [status] = exportTransition(action).from;
    const columns = { ...IN_STATE[status!](), claim: claimFor(action) };
    const id = await tenant.insertJob(columns);
    const before = await tenant.job(id);
    const owner = tenant;
    tenant = await stage.addTenant();
    const claim = { id, claim: columns.claim, holder: HOLDER };
    await expect(
      tenant.run(() => STATEMENTS[action](stage.database, claim)),
    ).resolves.toBeUndefined();
    expect(await owner.job(id)).toEqual(before);
  });
});

describe("the database functions for upkeep", () => {
  /** Inserts one job in each state, and returns the states of the jobs that `find` finds. */
  const statesOf = async (
    find: () => Promise<readonly { readonly id: string }[]>,
  ): Promise<readonly string[]> => {
    await stage.owner.query("TRUNCATE export_jobs");
    const inserted = new Map<string, ExportStatus>();
    for (const status of exportLifecycle.states)
      inserted.set(await tenant.insertJob(IN_STATE[status]()), status);
    return (await find()).map(({ id }) => inserted.get(id)!).toSorted();
  };
  it("find the jobs that can be claimed", async () => {
    const found = await statesOf(() => findDueExportJobs(stage.database.pool, 10));
    expect(found).toEqual(exportTransition("claim").from.toSorted());
  });

  it("find the jobs that can expire", async () => {
    const found = await statesOf(() => takeExpiredExportJobs(stage.database.pool, 10));
    expect(found).toEqual(exportTransition("expire").from.toSorted());
  });

  it("count the unfinished jobs", async () => {
    await statesOf(async () => []);
    const counts = await countUnfinishedExportJobs(stage.database.pool);
    expect(counts.map(({ status }) => status).toSorted()).toEqual(
      UNFINISHED_EXPORT_STATUSES.toSorted(),
    );
  });
});

describe("the holder of a claim", () => {
  const HELD = ACTIONS.filter((action) => exportTransition(action).guard === "holder");

  it.each(HELD)(
    "of a repeated claim number is one worker: %s by the other has no effect",
    async (action) => {
      const { prisma } = stage.database;
      const id = await tenant.insertJob();
      const first = await tenant.run(() => claimExportJob(prisma, id));
      // The new primary does not have the first claim.
      await stage.owner.query(
        "UPDATE export_jobs SET status = 'QUEUED', claim = 0, holder = NULL, lease_until = NULL WHERE id = $1",
        [id],
      );
      const second = await tenant.run(() => claimExportJob(prisma, id));
      expect(second!.claim).toBe(first!.claim);
      const before = await tenant.job(id);

      const written = await tenant.run(() => STATEMENTS[action](stage.database, first!));
      expect(written).toBeUndefined();
      expect(await tenant.job(id)).toEqual(before);
    },
  );

  it("loses the job to a claim of the previous release, which sets no holder", async () => {
    const { prisma } = stage.database;
    const id = await tenant.insertJob();
    const first = await tenant.run(() => claimExportJob(prisma, id));
    // A claim by the previous release.
    await stage.owner.query("UPDATE export_jobs SET claim = claim + 1 WHERE id = $1", [id]);
    expect(await tenant.run(() => handBackExportJob(prisma, first!, 0))).toBeUndefined();
    await stage.owner.query("UPDATE export_jobs SET lease_until = '2000-01-01' WHERE id = $1", [
      id,
    ]);
    const next = await tenant.run(() => claimExportJob(prisma, id));
    expect(await tenant.run(() => handBackExportJob(prisma, next!, 0))).toBeDefined();
  });
});

describe("a cancellation", () => {
  const events = () =>
    tenant.run(() =>
      stage.database.prisma.auditEvent.findMany({
        select: { actor: true, action: true, subject: true, requestId: true },
      }),
    );

  it("writes its audit event with the change, and none without a change", async () => {
    const id = await tenant.insertJob();
    const expected = {
      ...ACTOR,
      action: "export-job.canceled",
      subject: `/v1/export-jobs/${id}`,
    };
    await execute("cancel", id);
    expect(await events()).toEqual([expected]);
    await execute("cancel", id);
    expect(await events()).toEqual([expected]);
  });
});

describe("a claim", () => {
  it("respects the time before which a job must not run again", async () => {
    const { prisma } = stage.database;
    const minute = 60_000;
    const id = await tenant.insertJob({ runAfter: new Date(Date.now() + minute) });
    expect(await tenant.run(() => claimExportJob(prisma, id))).toBeUndefined();
    await stage.owner.query("UPDATE export_jobs SET run_after = now() WHERE id = $1", [id]);
    expect(await tenant.run(() => claimExportJob(prisma, id))).toMatchObject({ id, claim: 1 });
  });
});
