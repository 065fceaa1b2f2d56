import { randomUUID } from "node:crypto";
import { setJob, succeeded } from "../support/export-rows.ts";
import { WANTED } from "../support/builders/exports.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

describe("GET /v1/export-jobs/{jobId}", () => {
  const job = async (id: string) => suite.tenant.caller.get(`/v1/export-jobs/${id}`).expect(200);

  it("returns a QUEUED job with Retry-After", async () => {
    const id = await suite.tenant.anExport({
      ...WANTED,
      dateFrom: "2026-01-01",
      dateTo: "2026-01-31",
    });
    const answer = await job(id);
    expect(answer.body).toEqual({
      id,
      contextId: suite.tenant.contextId,
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

  it("reports at most 99 percent while the job runs", async () => {
    const id = await suite.tenant.anExport();
    const leaseUntil = new Date(Date.now() + 20_000);
    const running = { status: "RUNNING", leaseUntil, recordsExpected: 1_000n };
    await setJob(suite.stage, suite.tenant.tenantId, id, { ...running, recordsWritten: 505n });
    const answer = await job(id);
    expect(answer.body).toMatchObject({ percent: 50, recordsWritten: 505, recordsExpected: 1_000 });
    expect(answer.headers["retry-after"]).toBeDefined();
    await setJob(suite.stage, suite.tenant.tenantId, id, { ...running, recordsWritten: 1_000n });
    expect((await job(id)).body.percent).toBe(99);
  });

  it("describes the file of a SUCCEEDED job and links to its download", async () => {
    const id = await suite.tenant.anExport();
    await setJob(suite.stage, suite.tenant.tenantId, id, succeeded());
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

  it("has no downloadUrl once the file has expired", async () => {
    const id = await suite.tenant.anExport();
    await setJob(
      suite.stage,
      suite.tenant.tenantId,
      id,
      succeeded({ expiresAt: new Date(Date.now() - 1) }),
    );
    expect((await job(id)).body).not.toHaveProperty("downloadUrl");
    await setJob(suite.stage, suite.tenant.tenantId, id, succeeded({ status: "EXPIRED" }));
    expect((await job(id)).body).not.toHaveProperty("downloadUrl");
  });

  it("gives the reason of a failure", async () => {
    const id = await suite.tenant.anExport();
    const failure = { error: "The bucket is missing.", errorCode: "bucket_missing" };
    await setJob(suite.stage, suite.tenant.tenantId, id, { status: "FAILED", ...failure });
    const answer = await job(id);
    expect(answer.body).toMatchObject(failure);
    expect(answer.headers).not.toHaveProperty("retry-after");
  });

  it("returns 404 for an unknown id and 422 for a malformed id", async () => {
    await suite.tenant.caller.get(`/v1/export-jobs/${randomUUID()}`).expect(404);
    await suite.tenant.caller.get("/v1/export-jobs/x").expect(422);
  });
});

describe("the ETag of GET /v1/export-jobs/{jobId}", () => {
  const get = (id: string, etag = '"none"') =>
    suite.tenant.caller.get(`/v1/export-jobs/${id}`).set("If-None-Match", etag);

  it("matches while nothing has changed: 304 with Retry-After", async () => {
    const id = await suite.tenant.anExport();
    const { etag } = (await get(id).expect(200)).headers;
    expect(etag).toMatch(/^"[^"]+"$/);
    const answer = await get(id, etag).expect(304);
    expect(answer.text).toBe("");
    expect(answer.headers).toMatchObject({ etag, "retry-after": expect.any(String) });
    await get(id, `W/"x", W/${etag}`).expect(304);
    await get(id, "*").expect(304);
  });

  it("changes with the progress, with the status, and when the file expires", async () => {
    const id = await suite.tenant.anExport();
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
      await setJob(suite.stage, suite.tenant.tenantId, id, { status: "QUEUED", ...step });
      const { headers } = await get(id, [...tags].join(", ") || '"x"').expect(200);
      tags.add(headers["etag"]!);
    }
    expect(tags.size).toBe(steps.length);
  });
});
