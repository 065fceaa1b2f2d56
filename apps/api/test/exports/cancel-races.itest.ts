import { withTenant } from "@docket/platform/database";
import {
  claimExportJob,
  failExportJob,
  handBackExportJob,
  registerObject,
  renewExportJob,
  retryExportJob,
  succeedExportJob,
  type ExportClaim,
  type ExportFile,
} from "@docket/platform/rows";
import { waitFor } from "@docket/testing";
import pg from "pg";
import { createStage, type Stage } from "../support/stage.ts";
import type { Caller } from "../support/caller.ts";

let api: Stage;
let caller: Caller;
let contextId: string;

beforeAll(async () => {
  api = await createStage({ poolSize: 10 });
});

beforeEach(async () => {
  caller = api.caller();
  contextId = await caller.aContext();
});

afterAll(() => api.close());

const inTenant = <T>(work: () => Promise<T>): Promise<T> => withTenant(caller.tenantId, work);
const prisma = () => api.context.database.prisma;

const cancel = (id: string) => caller.post(`/v1/export-jobs/${id}/cancel`);
const job = async (id: string) => (await caller.get(`/v1/export-jobs/${id}`).expect(200)).body;

/** Creates a job and claims it as a worker does. */
const claimJob = async (): Promise<ExportClaim> => {
  const path = `/v1/contexts/${contextId}/export-jobs`;
  const { body } = await caller.post(path, { reportType: "MATCHED", format: "CSV" }).expect(202);
  return (await inTenant(() => claimExportJob(prisma(), body.jobId as string)))!;
};

/** Registers an object for the claim and returns the file that it would be. */
const registerFile = async ({ id }: ExportClaim): Promise<ExportFile> => {
  const objectKey = `${caller.tenantId}/exports/${contextId}/${id}/1-MATCHED.csv`;
  const owner = { kind: "export-job", id } as const;
  await inTenant(() => registerObject(prisma(), { key: objectKey, owner }));
  return {
    recordsWritten: 1,
    recordsExpected: 1,
    bytesWritten: 1,
    sha256: "ab".repeat(32),
    contentSha256: undefined,
    asOf: new Date(),
    fileName: "x.csv",
    objectKey,
  };
};

/** Returns whether the job was marked SUCCEEDED. */
const succeed = async (claim: ExportClaim, file: ExportFile): Promise<boolean> =>
  (await inTenant(() => succeedExportJob(api.context.database, claim, file, 7))) !== undefined;

/** Locks the job's row, starts the contenders one after the other so that they queue for it, then releases it. */
async function contend(
  id: string,
  contenders: readonly (() => Promise<unknown>)[],
): Promise<unknown[]> {
  const superuser = new pg.Client({ connectionString: api.testDatabase.superuserUrl });
  await superuser.connect();
  const waiting = async (): Promise<number> => {
    // Within a transaction the view would otherwise keep its first contents.
    await superuser.query("SELECT pg_stat_clear_snapshot()");
    const { rows } = await superuser.query<{ count: number }>(
      `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows[0]!.count;
  };
  await superuser.query("BEGIN");
  await superuser.query("SELECT FROM export_jobs WHERE id = $1 FOR UPDATE", [id]);
  const results: Promise<unknown>[] = [];
  for (const contender of contenders) {
    results.push(contender());
    await waitFor(async () => (await waiting()) === results.length);
  }
  await superuser.query("COMMIT");
  await superuser.end();
  return Promise.all(results);
}

describe("a cancellation and a worker at the same moment", () => {
  it.each([
    { status: "CANCELED", first: "cancellation", httpStatus: 200, hasSucceeded: false },
    { status: "SUCCEEDED", first: "worker", httpStatus: 409, hasSucceeded: true },
  ])(
    "end in $status if the $first comes first",
    async ({ status, first, httpStatus, hasSucceeded }) => {
      const claim = await claimJob();
      const file = await registerFile(claim);
      // supertest sends the request when it is awaited.
      const canceling = async (): Promise<number> => (await cancel(claim.id)).status;
      const succeeding = () => succeed(claim, file);
      const results = await contend(
        claim.id,
        first === "worker" ? [succeeding, canceling] : [canceling, succeeding],
      );
      expect(new Set(results)).toEqual(new Set([httpStatus, hasSucceeded]));
      expect((await job(claim.id)).status).toBe(status);
      const object = await inTenant(async () =>
        prisma().storedObject.findFirstOrThrow({ where: { key: file.objectKey } }),
      );
      expect(object.committedAt !== null).toBe(hasSucceeded);
    },
  );

  it("end in one status, and the loser learns it", async () => {
    for (let round = 0; round < 20; round++) {
      const claim = await claimJob();
      const file = await registerFile(claim);
      const [answer, hasSucceeded] = await Promise.all([cancel(claim.id), succeed(claim, file)]);
      const { status } = await job(claim.id);
      expect([status, answer.status]).toEqual(
        hasSucceeded ? ["SUCCEEDED", 409] : ["CANCELED", 200],
      );
    }
  });

  it("leave a canceled job unchanged, whatever the worker writes next", async () => {
    const claim = await claimJob();
    const file = await registerFile(claim);
    await cancel(claim.id).expect(200);
    const before = await job(claim.id);
    await inTenant(async () => {
      expect(await renewExportJob(prisma(), claim, file)).toBeUndefined();
      expect(await retryExportJob(prisma(), claim, 5)).toBeUndefined();
      expect(await handBackExportJob(prisma(), claim, 0)).toBeUndefined();
      expect(await failExportJob(prisma(), claim, { code: "x", message: "x" })).toBeUndefined();
      expect(await claimExportJob(prisma(), claim.id)).toBeUndefined();
    });
    expect(await succeed(claim, file)).toBe(false);
    expect(await job(claim.id)).toEqual(before);
  });

  it.each([
    ["hands the job back", (claim: ExportClaim) => handBackExportJob(prisma(), claim, 0)],
    ["retries the job", (claim: ExportClaim) => retryExportJob(prisma(), claim, 5_000)],
  ])("end in CANCELED if the worker %s", async (_, returnJob) => {
    for (let round = 0; round < 8; round++) {
      const claim = await claimJob();
      await Promise.all([cancel(claim.id).expect(200), inTenant(async () => returnJob(claim))]);
      expect((await job(claim.id)).status).toBe("CANCELED");
    }
  });
});
