import { randomUUID } from "node:crypto";
import { setJob, succeeded } from "../support/export-rows.ts";
import { exportSuite, WANTED } from "../support/suites.ts";

const suite = exportSuite();

describe("GET /v1/export-jobs/{jobId}", () => {
  const job = async (id: string) => suite.caller.get(`/v1/export-jobs/${id}`).expect(200);

  it("shows a job that waits, and when to look again", async () => {
    const id = await suite.aJob({ ...WANTED, dateFrom: "2026-01-01", dateTo: "2026-01-31" });
    const answer = await job(id);
    expect(answer.body).toEqual({
      id,
      contextId: suite.contextId,
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
    const id = await suite.aJob();
    const leaseUntil = new Date(Date.now() + 20_000);
    const running = { status: "RUNNING", leaseUntil, recordsExpected: 1_000n };
    await setJob(suite.api, suite.caller.tenantId, id, { ...running, recordsWritten: 505n });
    const answer = await job(id);
    expect(answer.body).toMatchObject({ percent: 50, recordsWritten: 505, recordsExpected: 1_000 });
    expect(answer.headers["retry-after"]).toBeDefined();
    await setJob(suite.api, suite.caller.tenantId, id, { ...running, recordsWritten: 1_000n });
    expect((await job(id)).body.percent).toBe(99);
  });

  it("shows what a finished job made, and where to get it", async () => {
    const id = await suite.aJob();
    await setJob(suite.api, suite.caller.tenantId, id, succeeded());
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
    const id = await suite.aJob();
    await setJob(
      suite.api,
      suite.caller.tenantId,
      id,
      succeeded({ expiresAt: new Date(Date.now() - 1) }),
    );
    expect((await job(id)).body).not.toHaveProperty("downloadUrl");
    await setJob(suite.api, suite.caller.tenantId, id, succeeded({ status: "EXPIRED" }));
    expect((await job(id)).body).not.toHaveProperty("downloadUrl");
  });

  it("says why a job failed", async () => {
    const id = await suite.aJob();
    const failure = { error: "The bucket is missing.", errorCode: "bucket_missing" };
    await setJob(suite.api, suite.caller.tenantId, id, { status: "FAILED", ...failure });
    const answer = await job(id);
    expect(answer.body).toMatchObject(failure);
    expect(answer.headers).not.toHaveProperty("retry-after");
  });

  it("answers 404 to an id that is not there and 422 to what is no id", async () => {
    await suite.caller.get(`/v1/export-jobs/${randomUUID()}`).expect(404);
    await suite.caller.get("/v1/export-jobs/x").expect(422);
  });
});
