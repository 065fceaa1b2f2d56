import fc from "fast-check";
import {
  claimExportJob,
  createExportJobs,
  failExportJob,
  type CreatedExportJob,
  type ExportClaim,
} from "../../../src/rows/index.ts";
import { createRowsStage, type RowsTenant } from "../stage.ts";

const TENANTS = 3;

const stage = createRowsStage();
let tenants: readonly RowsTenant[];
beforeAll(async () => {
  tenants = await Promise.all(Array.from({ length: TENANTS }, () => stage.addTenant()));
});
beforeEach(() => stage.owner.query("TRUNCATE export_jobs"));

type Job = CreatedExportJob & { readonly tenant: number; readonly arrival: number };

const create = async (tenant: number): Promise<CreatedExportJob> => {
  const { contextId, run } = tenants[tenant]!;
  const days = { dateFrom: "2026-01-01", dateTo: "2026-01-31" };
  const spec = { contextId, reportType: "MATCHED", format: "CSV", ...days } as const;
  const limits = { isStorageConfigured: true, maxActive: 0 };
  const by = { actor: "alice", requestId: "r" };
  const [created] = await run(() => createExportJobs(stage.database, [{ spec, by }], limits));
  if (typeof created !== "object") throw new Error(created);
  return created;
};

/** A queue that delivers as BullMQ does: by turn, then by arrival. One job runs at a time. */
function createQueue() {
  let waiting: readonly Job[] = [];
  let running: (Job & ExportClaim) | undefined;
  let arrivals = 0;
  const finish = async ({ tenant, ...claim }: Job & ExportClaim): Promise<void> => {
    const failure = { code: "test", message: "Over." };
    await tenants[tenant]!.run(() => failExportJob(stage.database.prisma, claim, failure));
  };
  return {
    waiting: () => waiting,
    add: async (tenant: number): Promise<Job> => {
      const job = { ...(await create(tenant)), tenant, arrival: arrivals++ };
      waiting = [...waiting, job];
      return job;
    },
    /** Ends the running job and starts the next one. */
    start: async (): Promise<Job | undefined> => {
      if (running !== undefined) await finish(running);
      const [next] = waiting.toSorted((a, b) => a.turn - b.turn || a.arrival - b.arrival);
      running = undefined;
      if (next === undefined) return undefined;
      const { id, tenant } = next;
      const claim = await tenants[tenant]!.run(() => claimExportJob(stage.database.prisma, id));
      running = { ...next, ...claim! };
      waiting = waiting.filter((job) => job.id !== id);
      return running;
    },
  };
}

/** A number adds a job of that tenant; "start" starts the next job. */
const steps = fc.array(
  fc.oneof(fc.integer({ min: 0, max: TENANTS - 1 }), fc.constant("start" as const)),
  { maxLength: 30 },
);

/** Checks a property over several sequences of steps. Each begins without jobs. */
const checkSteps = (check: (script: readonly (number | "start")[]) => Promise<void>) =>
  fc.assert(
    fc.asyncProperty(steps, async (script) => {
      await stage.owner.query("TRUNCATE export_jobs");
      await check(script);
    }),
    { numRuns: 12 },
  );

describe("turns", () => {
  it.each([0, 1, 5, 9])(
    "let a tenant's first job wait for at most one of another tenant's ten jobs, %i of which were started",
    async (started) => {
      const queue = createQueue();
      for (let n = 0; n < 10; n++) await queue.add(0);
      for (let n = 0; n < started; n++) await queue.start();
      const { id } = await queue.add(1);
      const next = [await queue.start(), await queue.start()];
      expect(next.map((job) => job?.id)).toContain(id);
    },
  );

  it("start a tenant's jobs in order of creation", () =>
    checkSteps(async (script) => {
      const queue = createQueue();
      const last = new Map<number, number>();
      const startNext = async (): Promise<void> => {
        const job = await queue.start();
        if (job === undefined) return;
        expect(job.arrival).toBeGreaterThan(last.get(job.tenant) ?? -1);
        last.set(job.tenant, job.arrival);
      };
      for (const step of script) await (step === "start" ? startNext() : queue.add(step));
      while (queue.waiting().length > 0) await startNext();
    }));

  it("let no job starve while other tenants create jobs all the time", () =>
    checkSteps(async (script) => {
      const queue = createQueue();
      for (const step of script) await (step === "start" ? queue.start() : queue.add(step));
      const { id } = await queue.add(0);
      const ahead = queue.waiting().filter(({ tenant }) => tenant === 0).length;
      for (let waited = 0; ; waited += 1) {
        for (let other = 1; other < TENANTS; other++) await queue.add(other);
        if ((await queue.start())?.id === id) break;
        expect(waited).toBeLessThan(ahead * TENANTS + TENANTS);
      }
    }));

  it("serve the tenants of a backlog equally", async () => {
    const queue = createQueue();
    for (const [tenant, jobs] of [15, 8, 8].entries())
      for (let n = 0; n < jobs; n++) await queue.add(tenant);
    const counts = [0, 0, 0];
    for (let n = 0; n < 24; n++) {
      counts[(await queue.start())!.tenant]! += 1;
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
  });

  it("begin with 1 and go on past the largest priority of BullMQ", async () => {
    expect(await create(0)).toMatchObject({ status: "QUEUED", claim: 0, turn: 1, turnsBegun: 0 });
    const id = await tenants[1]!.insertJob({ turn: 2_097_151 });
    await tenants[1]!.run(() => claimExportJob(stage.database.prisma, id));
    expect(await create(0)).toMatchObject({ turn: 2_097_152, turnsBegun: 2_097_151 });
    expect(await create(0)).toMatchObject({ turn: 2_097_153, turnsBegun: 2_097_151 });
    expect(await create(2)).toMatchObject({ turn: 2_097_152, turnsBegun: 2_097_151 });
  });
});
