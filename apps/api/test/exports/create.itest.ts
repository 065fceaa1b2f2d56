import { randomUUID } from "node:crypto";
import { createExportConsumer } from "@docket/platform/queue";
import { waitFor } from "@docket/testing";
import { WANTED } from "../support/builders/exports.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

describe("POST /v1/contexts/{contextId}/export-jobs", () => {
  it("returns 202 with Location and Retry-After", async () => {
    const answer = await suite.tenant.createExport(WANTED).expect(202);
    const { jobId } = answer.body;
    const statusUrl = `/v1/export-jobs/${jobId}`;
    expect(answer.body).toEqual({ jobId, status: "QUEUED", statusUrl });
    expect(answer.headers["location"]).toBe(statusUrl);
    expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
  });

  it("enqueues only the ids", async () => {
    const received: unknown[] = [];
    const consumer = createExportConsumer({
      url: suite.stage.testDatabase.ownerUrl,
      concurrency: 1,
      logger: suite.stage.context.logger,
      handle: async (message) => {
        received.push(message);
      },
    });
    const jobId = await suite.tenant.anExport();
    await waitFor(() => received.some((message) => (message as { jobId: string }).jobId === jobId));
    await consumer.close();
    expect(received).toContainEqual({ tenantId: suite.tenant.tenantId, jobId });
  });

  it("writes the row and the audit event with the request id", async () => {
    const answer = await suite.tenant.createExport(WANTED).set("X-Request-Id", "req-1").expect(202);
    const { jobId } = answer.body;
    expect(await suite.tenant.exportJobs()).toMatchObject([
      { id: jobId, requestedBy: "alice", requestId: "req-1", status: "QUEUED", claim: 0 },
    ]);
    expect(await suite.tenant.audit()).toMatchObject([
      {
        actor: "alice",
        action: "export-job.created",
        subject: `/v1/export-jobs/${jobId}`,
        requestId: "req-1",
      },
    ]);
  });

  it("keeps the tenants and principals of simultaneous creates apart", async () => {
    const tenants = [randomUUID(), randomUUID()];
    const callers = Array.from({ length: 12 }, (_, n) =>
      suite.stage.caller({ tenant_id: tenants[n % 2], sub: `user-${n}` }),
    );
    const contexts = await Promise.all(callers.slice(0, 2).map((caller) => caller.aContext()));
    const answers = await Promise.all(
      callers.map((caller, n) =>
        caller.post(`/v1/contexts/${contexts[n % 2]}/export-jobs`, WANTED).expect(202),
      ),
    );
    for (const [n, caller] of callers.entries()) {
      const { body: job } = await caller.get(answers[n]!.body.statusUrl).expect(200);
      expect(job).toMatchObject({ contextId: contexts[n % 2], requestedBy: `user-${n}` });
    }
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
  ])("accepts %j", async (body, expected) => {
    const { body: job } = await suite.tenant.caller
      .get(`/v1/export-jobs/${await suite.tenant.anExport(body)}`)
      .expect(200);
    expect(job).toMatchObject(expected);
  });

  it("shows the options of the export as they were given", async () => {
    const options = {
      compression: "GZIP",
      columns: ["amount", "source_name", "date"],
      timeZone: "europe/berlin",
    };
    const dates = { dateFrom: "2026-03-29", dateTo: "2026-10-25" };
    const id = await suite.tenant.anExport({ ...WANTED, ...options, ...dates });
    const { body } = await suite.tenant.caller.get(`/v1/export-jobs/${id}`).expect(200);
    expect(body).toMatchObject({ ...options, ...dates });
    const list = await suite.tenant.caller.get("/v1/export-jobs").expect(200);
    expect(list.body.items[0]).toMatchObject({ ...options, ...dates });
    expect(await suite.tenant.exportJobs()).toMatchObject([{ id, timeZone: "europe/berlin" }]);
  });

  it("refuses unknown columns and names them", async () => {
    const body = { ...WANTED, columns: ["amount", "status", "x"] };
    const { body: problem } = await suite.tenant.createExport(body).expect(400);
    expect(problem.errors).toEqual([
      { field: "columns.1", detail: 'MATCHED has no column "status"' },
      { field: "columns.2", detail: 'MATCHED has no column "x"' },
    ]);
    await suite.tenant.createExport({ ...WANTED, columns: ["date", "date"] }).expect(400);
    await suite.tenant.createExport({ ...WANTED, columns: "date" }).expect(422);
  });

  it("refuses an unknown time zone", async () => {
    await suite.tenant.createExport({ ...WANTED, timeZone: "Mars/Olympus" }).expect(400);
    await suite.tenant.createExport({ ...WANTED, timeZone: 1 }).expect(422);
  });

  it("defaults to the 30 days before tomorrow (UTC)", async () => {
    const { body } = await suite.tenant.caller
      .get(`/v1/export-jobs/${await suite.tenant.anExport()}`)
      .expect(200);
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
    [
      "the name of an inherited property",
      { ...WANTED, reportType: "constructor" },
      400,
      ["reportType"],
    ],
    ["a report type that is not a string", { ...WANTED, reportType: 1 }, 422, ["reportType"]],
    ["a format that is null", { ...WANTED, format: null }, 422, ["format"]],
    ["a day that does not exist", { ...WANTED, dateFrom: "2026-02-30" }, 422, ["dateFrom"]],
    ["a time in place of a day", { ...WANTED, dateTo: "2026-02-03T00:00:00Z" }, 422, ["dateTo"]],
    ["a source that is not a UUID", { ...WANTED, sourceId: "x" }, 422, ["sourceId"]],
    ["an unknown source", { ...WANTED, sourceId: randomUUID() }, 400, ["sourceId"]],
    [
      "a reversed range",
      { ...WANTED, dateFrom: "2026-02-02", dateTo: "2026-02-01" },
      400,
      ["dateFrom"],
    ],
    [
      "a range that is one day too long",
      { ...WANTED, dateFrom: "2023-01-01", dateTo: "2024-01-02" },
      400,
      ["dateTo"],
    ],
    ["an unknown field", { ...WANTED, contextId: randomUUID() }, 400, ["contextId"]],
    ["faults of both kinds", { reportType: "ALL", format: 5 }, 400, ["reportType", "format"]],
  ])("refuses %s and writes no row", async (_, body, status, fields) => {
    const answer = await suite.tenant.createExport(body).expect(status);
    expect(answer.body).toMatchObject({
      status,
      code: status === 400 ? "bad_request" : "invalid_field",
    });
    expect(answer.body.errors.map(({ field }: { field: string }) => field)).toEqual(fields);
    expect(await suite.tenant.exportJobs()).toEqual([]);
  });

  it("says that SUMMARY and PDF are not offered for asynchronous exports", async () => {
    const { body } = await suite.tenant
      .createExport({ reportType: "SUMMARY", format: "PDF" })
      .expect(400);
    expect(body.detail).toMatch(/SUMMARY is not offered for asynchronous exports/);
    expect(body.detail).toMatch(/PDF is not offered for asynchronous exports/);
  });

  it("accepts a source of the context, but not of another context", async () => {
    const sourceId = await suite.tenant.caller.aSource(suite.tenant.contextId);
    const id = await suite.tenant.anExport({ ...WANTED, sourceId });
    const { body } = await suite.tenant.caller.get(`/v1/export-jobs/${id}`).expect(200);
    expect(body.sourceId).toBe(sourceId);
    const elsewhere = await suite.tenant.caller.aSource(await suite.tenant.caller.aContext());
    await suite.tenant.createExport({ ...WANTED, sourceId: elsewhere }).expect(400);
  });

  it("returns 404 for an unknown context", async () => {
    const { body } = await suite.tenant.createExport(WANTED, randomUUID()).expect(404);
    expect(body).toMatchObject({ code: "not_found", status: 404 });
  });
});
