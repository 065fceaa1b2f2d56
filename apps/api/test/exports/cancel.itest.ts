import { randomUUID } from "node:crypto";
import { withTenant } from "@docket/platform/database";
import { waitFor } from "@docket/testing";
import pg from "pg";
import {
  createJobRows,
  type ClaimedJob,
  type FinishedFile,
} from "../../../worker/src/exports/job-rows.ts";
import { createApi, type Caller, type TestApi } from "../support/api.ts";
import { setJob, succeeded } from "../support/export-rows.ts";

let api: TestApi;
let caller: Caller;
let contextId: string;

beforeAll(async () => {
  api = await createApi({ poolSize: 10 });
});

beforeEach(async () => {
  caller = api.caller();
  contextId = await caller.aContext();
});

afterAll(() => api.close());

const aJob = async (): Promise<string> => {
  const path = `/v1/contexts/${contextId}/export-jobs`;
  const answer = await caller.post(path, { reportType: "MATCHED", format: "CSV" }).expect(202);
  return answer.body.jobId as string;
};

const cancel = (id: string) => caller.post(`/v1/export-jobs/${id}/cancel`);

const job = async (id: string) => (await caller.get(`/v1/export-jobs/${id}`).expect(200)).body;

const inTenant = <T>(work: () => Promise<T>): Promise<T> => withTenant(caller.tenantId, work);

const cancels = (): Promise<number> =>
  inTenant(async () =>
    api.context.database.prisma.auditEvent.count({ where: { action: "export-job.canceled" } }),
  );

describe("POST /v1/export-jobs/{jobId}/cancel", () => {
  it("cancels a job that waits, and says so in the audit trail", async () => {
    const id = await aJob();
    const { body } = await cancel(id).expect(200);
    expect(body).toMatchObject({ id, status: "CANCELED", finishedAt: expect.stringMatching(/Z$/) });
    expect(body).not.toHaveProperty("error");
    expect(await job(id)).toEqual(body);
    expect(await cancels()).toBe(1);
  });

  it("cancels a job that runs", async () => {
    const id = await aJob();
    const leaseUntil = new Date(Date.now() + 20_000);
    await setJob(api, caller.tenantId, id, { status: "RUNNING", leaseUntil });
    const { body } = await cancel(id).expect(200);
    expect(body.status).toBe("CANCELED");
  });

  it("answers the same again and changes nothing", async () => {
    const id = await aJob();
    const first = await cancel(id).expect(200);
    const again = await cancel(id).expect(200);
    expect(again.body).toEqual(first.body);
    expect(await cancels()).toBe(1);
  });

  it.each([
    ["SUCCEEDED", succeeded()],
    ["EXPIRED", succeeded({ status: "EXPIRED" })],
    ["FAILED", { status: "FAILED", error: "No.", errorCode: "no" }],
  ])("refuses a job that is %s", async (status, state) => {
    const id = await aJob();
    await setJob(api, caller.tenantId, id, state);
    const { body } = await cancel(id).expect(409);
    expect(body).toMatchObject({ code: "export_not_cancelable", status: 409 });
    expect((await job(id)).status).toBe(status);
    expect(await cancels()).toBe(0);
  });

  it("answers 404 to an id that is not there or another tenant's, 422 to what is no id", async () => {
    const id = await aJob();
    await cancel(randomUUID()).expect(404);
    await api.caller().post(`/v1/export-jobs/${id}/cancel`).expect(404);
    await cancel("x").expect(422);
    expect((await job(id)).status).toBe("QUEUED");
  });

  it("takes no body but an empty one, and needs the permission to write", async () => {
    const id = await aJob();
    await caller.post(`/v1/export-jobs/${id}/cancel`, { reason: "x" }).expect(400);
    const reader = api.caller({ tenant_id: caller.tenantId, permissions: ["export-job:read"] });
    await reader.post(`/v1/export-jobs/${id}/cancel`).expect(403);
    await caller.post(`/v1/export-jobs/${id}/cancel`, {}).expect(200);
  });

  it("of many at once, cancels once", async () => {
    const id = await aJob();
    const answers = await Promise.all(Array.from({ length: 6 }, () => cancel(id).expect(200)));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await cancels()).toBe(1);
  });
});

describe("a cancel and a worker at the same moment", () => {
  const fileOf = (objectKey: string): FinishedFile => ({
    recordsWritten: 1,
    recordsExpected: 1,
    bytesWritten: 1,
    sha256: "ab".repeat(32),
    asOf: new Date(),
    fileName: "x.csv",
    objectKey,
  });

  /** Holds a job's row until as many statements wait for it as there are in `contenders`, which come one after the other. */
  async function contend(id: string, contenders: readonly (() => Promise<unknown>)[]) {
    const superuser = new pg.Client({ connectionString: api.test.superuserUrl });
    await superuser.connect();
    const waiting = async (): Promise<number> => {
      const { rows } = await superuser.query<{ count: number }>(
        `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rows[0]!.count;
    };
    await superuser.query("BEGIN");
    await superuser.query("SELECT FROM export_jobs WHERE id = $1 FOR UPDATE", [id]);
    const answers: Promise<unknown>[] = [];
    for (const contender of contenders) {
      answers.push(contender());
      await waitFor(async () => (await waiting()) === answers.length);
    }
    await superuser.query("COMMIT");
    await superuser.end();
    return Promise.all(answers);
  }

  it.each([
    ["CANCELED", "the cancel", 200, false],
    ["SUCCEEDED", "the worker", 409, true],
  ] as const)("end in %s when %s comes first", async (end, first, status, won) => {
    const rows = createJobRows(api.context.database);
    const id = await aJob();
    const claimed = (await inTenant(() => rows.claim(id)))!;
    const key = `${caller.tenantId}/exports/${contextId}/${id}/1-MATCHED.csv`;
    await inTenant(() => rows.noteObject(claimed, key));
    // supertest sends when it is awaited.
    const canceling = async (): Promise<number> => (await cancel(id)).status;
    const succeeding = () => inTenant(async () => rows.succeed(claimed, fileOf(key), 7));
    const order = first === "the cancel" ? [canceling, succeeding] : [succeeding, canceling];
    const answers = await contend(id, order);
    expect(new Set(answers)).toEqual(new Set([status, won]));
    expect((await job(id)).status).toBe(end);
    const note = await inTenant(async () =>
      api.context.database.prisma.storedObject.findFirstOrThrow({ where: { key } }),
    );
    expect(note.committedAt !== null).toBe(won);
  });

  it("end in one state, which the one that lost has learned", async () => {
    const rows = createJobRows(api.context.database);
    for (let round = 0; round < 20; round++) {
      const id = await aJob();
      const claimed = (await inTenant(() => rows.claim(id)))!;
      const key = `${caller.tenantId}/exports/${contextId}/${id}/1-MATCHED.csv`;
      await inTenant(() => rows.noteObject(claimed, key));
      const [answer, won] = await Promise.all([
        cancel(id),
        inTenant(async () => rows.succeed(claimed, fileOf(key), 7)),
      ]);
      const { status } = await job(id);
      expect([status, answer.status]).toEqual(won ? ["SUCCEEDED", 409] : ["CANCELED", 200]);
    }
  });

  it("leave a canceled job canceled, whatever the worker does next", async () => {
    const rows = createJobRows(api.context.database);
    const id = await aJob();
    const claimed = (await inTenant(() => rows.claim(id)))!;
    await cancel(id).expect(200);
    const before = await job(id);
    const nothing = { recordsWritten: 5, recordsExpected: 9, bytesWritten: 5, asOf: undefined };
    await inTenant(async () => {
      expect(await rows.renew(claimed, nothing)).toBe(false);
      expect(await rows.retry(claimed, 5)).toBe(false);
      expect(await rows.handBack(claimed, 0)).toBe(false);
      expect(await rows.fail(claimed, { code: "x", message: "x" })).toBe(false);
      expect(await rows.succeed(claimed, fileOf("k"), 7)).toBe(false);
      expect(await rows.claim(id)).toBeUndefined();
      expect(await rows.failWornOut(id)).toBeUndefined();
    });
    expect(await job(id)).toEqual(before);
  });

  it("cancel a job that is being handed back or tried again", async () => {
    const rows = createJobRows(api.context.database);
    const returns = [
      (claimed: ClaimedJob) => rows.handBack(claimed, 0),
      (claimed: ClaimedJob) => rows.retry(claimed, 5_000),
    ];
    for (const leave of returns) {
      for (let round = 0; round < 8; round++) {
        const id = await aJob();
        const held = (await inTenant(() => rows.claim(id)))!;
        await Promise.all([cancel(id).expect(200), inTenant(async () => leave(held))]);
        expect((await job(id)).status).toBe("CANCELED");
      }
    }
  });
});

describe("the ETag of GET /v1/export-jobs/{jobId}", () => {
  const get = (id: string, etag = '"none"') =>
    caller.get(`/v1/export-jobs/${id}`).set("If-None-Match", etag);

  it("answers 304 as long as nothing changed, with when to look again", async () => {
    const id = await aJob();
    const { etag } = (await get(id).expect(200)).headers;
    expect(etag).toMatch(/^"[^"]+"$/);
    const answer = await get(id, etag).expect(304);
    expect(answer.text).toBe("");
    expect(answer.headers).toMatchObject({ etag, "retry-after": expect.any(String) });
    await get(id, `W/"x", W/${etag}`).expect(304);
    await get(id, "*").expect(304);
  });

  it("changes with progress, with the state, and when the file's time is over", async () => {
    const id = await aJob();
    const tags = new Set<string>();
    const leaseUntil = new Date(Date.now() + 20_000);
    const steps = [
      {},
      { status: "RUNNING", leaseUntil, recordsExpected: 10n },
      { status: "RUNNING", leaseUntil, recordsExpected: 10n, recordsWritten: 5n },
      succeeded(),
      { ...succeeded(), expiresAt: new Date(Date.now() - 1) },
      succeeded({ status: "EXPIRED" }),
    ];
    for (const step of steps) {
      await setJob(api, caller.tenantId, id, { status: "QUEUED", ...step });
      const { headers } = await get(id, [...tags].join(", ") || '"x"').expect(200);
      tags.add(headers["etag"]!);
    }
    expect(tags.size).toBe(steps.length);
  });
});
