import { randomUUID } from "node:crypto";
import { withTenant } from "@docket/platform/database";
import { createExportConsumer } from "@docket/platform/queue";
import { waitFor } from "@docket/platform/testing";
import { createApi, type Caller, type TestApi } from "../support/api.ts";
import { setJob, succeeded } from "../support/export-rows.ts";

let api: TestApi;
let caller: Caller;
let contextId: string;

beforeAll(async () => {
  api = await createApi();
});

beforeEach(async () => {
  caller = api.caller();
  contextId = await caller.aContext();
});

afterAll(() => api.close());

const WANTED = { reportType: "MATCHED", format: "CSV" };

const create = (body: object, context = contextId) =>
  caller.post(`/v1/contexts/${context}/export-jobs`, body);

const aJob = async (body: object = WANTED): Promise<string> => {
  const answer = await create(body).expect(202);
  return answer.body.jobId as string;
};

const auditOf = (tenantId: string) =>
  withTenant(tenantId, () =>
    api.context.database.prisma.auditEvent.findMany({ orderBy: { seq: "asc" } }),
  );

const rowsOf = (tenantId: string) =>
  withTenant(tenantId, () => api.context.database.prisma.exportJob.findMany());

describe("POST /v1/contexts/{contextId}/export-jobs", () => {
  it("answers 202 and says where to look and when", async () => {
    const answer = await create(WANTED).expect(202);
    const { jobId } = answer.body;
    const statusUrl = `/v1/export-jobs/${jobId}`;
    expect(answer.body).toEqual({ jobId, status: "QUEUED", statusUrl });
    expect(answer.headers["location"]).toBe(statusUrl);
    expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
  });

  it("puts the ids, and only those, into the queue", async () => {
    const received: unknown[] = [];
    const consumer = createExportConsumer({
      url: api.test.ownerUrl,
      concurrency: 1,
      logger: api.context.logger,
      handle: async (message) => {
        received.push(message);
      },
    });
    const jobId = await aJob();
    await waitFor(() => received.some((message) => (message as { jobId: string }).jobId === jobId));
    await consumer.close();
    expect(received).toContainEqual({ tenantId: caller.tenantId, jobId });
  });

  it("writes the row and the audit event together, with the request's id", async () => {
    const answer = await create(WANTED).set("X-Request-Id", "req-1").expect(202);
    const { jobId } = answer.body;
    expect(await rowsOf(caller.tenantId)).toMatchObject([
      { id: jobId, requestedBy: "alice", requestId: "req-1", status: "QUEUED", claim: 0 },
    ]);
    expect(await auditOf(caller.tenantId)).toMatchObject([
      {
        actor: "alice",
        action: "export-job.created",
        subject: `/v1/export-jobs/${jobId}`,
        requestId: "req-1",
      },
    ]);
  });

  it.each([
    [
      { reportType: "matches", format: "json" },
      { reportType: "MATCHED", format: "JSON" },
    ],
    [
      { reportType: "Unmatched_Transactions", format: "Xml" },
      { reportType: "UNMATCHED", format: "XML" },
    ],
    [{ reportType: "VARIANCE", format: "CSV" }, {}],
    [{ reportType: "EXCEPTIONS", format: "CSV" }, {}],
    [
      { ...WANTED, dateFrom: "2023-01-01", dateTo: "2024-01-01" },
      { dateFrom: "2023-01-01", dateTo: "2024-01-01" },
    ],
    [
      { ...WANTED, dateTo: "2026-03-31" },
      { dateFrom: "2026-03-01", dateTo: "2026-03-31" },
    ],
    [
      { ...WANTED, dateFrom: "0001-01-01", dateTo: "0001-01-02" },
      { dateFrom: "0001-01-01", dateTo: "0001-01-02" },
    ],
    [
      { ...WANTED, dateFrom: "9999-12-30", dateTo: "9999-12-31" },
      { dateFrom: "9999-12-30", dateTo: "9999-12-31" },
    ],
  ])("takes %j", async (body, expected) => {
    const { body: job } = await caller.get(`/v1/export-jobs/${await aJob(body)}`).expect(200);
    expect(job).toMatchObject(expected);
  });

  it("defaults to the thirty days before tomorrow (UTC)", async () => {
    const { body } = await caller.get(`/v1/export-jobs/${await aJob()}`).expect(200);
    const tomorrow = Date.parse(new Date().toISOString().slice(0, 10)) + 86_400_000;
    const day = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 10);
    expect(body).toMatchObject({
      dateFrom: day(tomorrow - 30 * 86_400_000),
      dateTo: day(tomorrow),
    });
  });

  it.each([
    ["nothing", {}, 400, ["reportType", "format"]],
    ["a blank report type", { ...WANTED, reportType: " " }, 400, ["reportType"]],
    ["an unknown report type", { ...WANTED, reportType: "ALL" }, 400, ["reportType"]],
    ["SUMMARY", { ...WANTED, reportType: "summary" }, 400, ["reportType"]],
    ["PDF", { ...WANTED, format: "PDF" }, 400, ["format"]],
    ["a name of Object's", { ...WANTED, reportType: "constructor" }, 400, ["reportType"]],
    ["a report type that is no text", { ...WANTED, reportType: 1 }, 422, ["reportType"]],
    ["null for a format", { ...WANTED, format: null }, 422, ["format"]],
    ["a day that does not exist", { ...WANTED, dateFrom: "2026-02-30" }, 422, ["dateFrom"]],
    ["a time for a day", { ...WANTED, dateTo: "2026-02-03T00:00:00Z" }, 422, ["dateTo"]],
    ["a source that is no UUID", { ...WANTED, sourceId: "x" }, 422, ["sourceId"]],
    ["a source that is not there", { ...WANTED, sourceId: randomUUID() }, 400, ["sourceId"]],
    [
      "a reversed range",
      { ...WANTED, dateFrom: "2026-02-02", dateTo: "2026-02-01" },
      400,
      ["dateFrom"],
    ],
    [
      "a range of a day too many",
      { ...WANTED, dateFrom: "2023-01-01", dateTo: "2024-01-02" },
      400,
      ["dateTo"],
    ],
    ["an unknown field", { ...WANTED, contextId: randomUUID() }, 400, ["contextId"]],
    ["faults of both kinds", { reportType: "ALL", format: 5 }, 400, ["reportType", "format"]],
  ])("refuses %s, and writes no row", async (_, body, status, fields) => {
    const answer = await create(body).expect(status);
    expect(answer.body).toMatchObject({
      status,
      code: status === 400 ? "bad_request" : "invalid_field",
    });
    expect(answer.body.errors.map(({ field }: { field: string }) => field)).toEqual(fields);
    expect(await rowsOf(caller.tenantId)).toEqual([]);
  });

  it("says that SUMMARY and PDF are not offered for asynchronous exports", async () => {
    const { body } = await create({ reportType: "SUMMARY", format: "PDF" }).expect(400);
    expect(body.detail).toMatch(/SUMMARY is not offered for asynchronous exports/);
    expect(body.detail).toMatch(/PDF is not offered for asynchronous exports/);
  });

  it("takes a source of the context, and no other context's", async () => {
    const sourceId = await caller.aSource(contextId);
    const id = await aJob({ ...WANTED, sourceId });
    const { body } = await caller.get(`/v1/export-jobs/${id}`).expect(200);
    expect(body.sourceId).toBe(sourceId);
    const elsewhere = await caller.aSource(await caller.aContext());
    await create({ ...WANTED, sourceId: elsewhere }).expect(400);
  });

  it("answers 404 when there is no such context", async () => {
    const { body } = await create(WANTED, randomUUID()).expect(404);
    expect(body).toMatchObject({ code: "not_found", status: 404 });
  });
});

describe("GET /v1/export-jobs/{jobId}", () => {
  const job = async (id: string) => caller.get(`/v1/export-jobs/${id}`).expect(200);

  it("shows a job that waits, and when to look again", async () => {
    const id = await aJob({ ...WANTED, dateFrom: "2026-01-01", dateTo: "2026-01-31" });
    const answer = await job(id);
    expect(answer.body).toEqual({
      id,
      contextId,
      reportType: "MATCHED",
      format: "CSV",
      dateFrom: "2026-01-01",
      dateTo: "2026-01-31",
      status: "QUEUED",
      recordsWritten: 0,
      bytesWritten: 0,
      attempts: 0,
      requestedBy: "alice",
      createdAt: expect.stringMatching(/Z$/),
    });
    expect(answer.headers["retry-after"]).toBeDefined();
  });

  it("shows progress that does not reach 100 before the end", async () => {
    const id = await aJob();
    const leaseUntil = new Date(Date.now() + 20_000);
    const running = { status: "RUNNING", leaseUntil, recordsExpected: 1_000n };
    await setJob(api, caller.tenantId, id, { ...running, recordsWritten: 505n });
    const answer = await job(id);
    expect(answer.body).toMatchObject({ percent: 50, recordsWritten: 505, recordsExpected: 1_000 });
    expect(answer.headers["retry-after"]).toBeDefined();
    await setJob(api, caller.tenantId, id, { ...running, recordsWritten: 1_000n });
    expect((await job(id)).body.percent).toBe(99);
  });

  it("shows what a finished job made, and where to get it", async () => {
    const id = await aJob();
    await setJob(api, caller.tenantId, id, succeeded());
    const answer = await job(id);
    expect(answer.body).toMatchObject({
      status: "SUCCEEDED",
      percent: 100,
      recordsWritten: 12,
      bytesWritten: 345,
      fileName: "MATCHED_00000000_20260101-20260131.csv",
      sha256: "ab".repeat(32),
      downloadUrl: `/v1/export-jobs/${id}/download`,
    });
    expect(answer.headers).not.toHaveProperty("retry-after");
    expect(answer.body).not.toHaveProperty("objectKey");
  });

  it("offers no download once the file's time is over", async () => {
    const id = await aJob();
    await setJob(api, caller.tenantId, id, succeeded({ expiresAt: new Date(Date.now() - 1) }));
    expect((await job(id)).body).not.toHaveProperty("downloadUrl");
    await setJob(api, caller.tenantId, id, succeeded({ status: "EXPIRED" }));
    expect((await job(id)).body).not.toHaveProperty("downloadUrl");
  });

  it("says why a job failed", async () => {
    const id = await aJob();
    const failure = { error: "The bucket is missing.", errorCode: "bucket_missing" };
    await setJob(api, caller.tenantId, id, { status: "FAILED", ...failure });
    const answer = await job(id);
    expect(answer.body).toMatchObject(failure);
    expect(answer.headers).not.toHaveProperty("retry-after");
  });

  it("answers 404 to an id that is not there and 422 to what is no id", async () => {
    await caller.get(`/v1/export-jobs/${randomUUID()}`).expect(404);
    await caller.get("/v1/export-jobs/x").expect(422);
  });
});

describe("GET /v1/export-jobs/{jobId}/download", () => {
  const download = (id: string) => caller.get(`/v1/export-jobs/${id}/download`);

  it("signs a link for as long as it may live, and writes that down", async () => {
    const id = await aJob();
    await setJob(api, caller.tenantId, id, succeeded());
    const { body } = await download(id).expect(200);
    expect(body).toEqual({
      downloadUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:9\/docket\/t\/exports\//),
      fileName: "MATCHED_00000000_20260101-20260131.csv",
      sha256: "ab".repeat(32),
      expiresIn: 900,
    });
    const signed = new URL(body.downloadUrl).searchParams;
    expect(signed.get("X-Amz-Expires")).toBe("900");
    expect(signed.get("response-content-disposition")).toMatch(/^attachment; filename="MATCHED_/);
    expect(signed.get("response-content-type")).toBe("text/csv; charset=utf-8");
    expect((await auditOf(caller.tenantId)).at(-1)).toMatchObject({
      action: "export-job.downloaded",
      subject: `/v1/export-jobs/${id}`,
    });
  });

  it("cuts the link's life to the file's own", async () => {
    const id = await aJob();
    await setJob(api, caller.tenantId, id, succeeded({ expiresAt: new Date(Date.now() + 60_000) }));
    const { body } = await download(id).expect(200);
    expect(body.expiresIn).toBeGreaterThan(50);
    expect(body.expiresIn).toBeLessThanOrEqual(60);
    expect(new URL(body.downloadUrl).searchParams.get("X-Amz-Expires")).toBe(
      String(body.expiresIn),
    );
  });

  it.each([
    ["QUEUED", { status: "QUEUED" }, 409, "export_not_ready"],
    [
      "RUNNING",
      { status: "RUNNING", leaseUntil: new Date(Date.now() + 20_000) },
      409,
      "export_not_ready",
    ],
    ["FAILED", { status: "FAILED", error: "No.", errorCode: "x" }, 409, "export_not_ready"],
    ["CANCELED", { status: "CANCELED" }, 409, "export_not_ready"],
    ["EXPIRED", succeeded({ status: "EXPIRED" }), 410, "export_file_gone"],
    ["over its time", succeeded({ expiresAt: new Date(Date.now() - 1) }), 410, "export_file_gone"],
  ])("refuses a job that is %s", async (_, state, status, code) => {
    const id = await aJob();
    await setJob(api, caller.tenantId, id, state);
    const { body } = await download(id).expect(status);
    expect(body).toMatchObject({ code, status });
    expect((await auditOf(caller.tenantId)).map(({ action }) => action)).toEqual([
      "export-job.created",
    ]);
  });
});

describe("without an object storage", () => {
  it("refuses exports with 503 and writes no row; everything else works", async () => {
    const bare = await createApi({ storage: undefined });
    const someone = bare.caller();
    const id = await someone.aContext();
    const answer = await someone.post(`/v1/contexts/${id}/export-jobs`, WANTED).expect(503);
    expect(answer.body.code).toBe("storage_not_configured");
    await someone.post(`/v1/contexts/${randomUUID()}/export-jobs`, WANTED).expect(404);
    const { prisma } = bare.context.database;
    await withTenant(someone.tenantId, async () => {
      expect(await prisma.exportJob.count()).toBe(0);
      expect(await prisma.auditEvent.count()).toBe(0);
    });
    const { body } = await someone.get("/readyz").expect(200);
    expect(body).toEqual({
      status: "ready",
      checks: { database: "up", queue: "up", storage: "not_configured" },
    });
    await bare.close();
  });
});
