import { WANTED } from "../support/builders/exports.ts";
import { setJob, succeeded } from "../support/export-rows.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

describe("GET /v1/export-jobs/{jobId}/download", () => {
  const download = (id: string) => suite.tenant.caller.get(`/v1/export-jobs/${id}/download`);

  it("signs a URL for its full lifetime and writes an audit event", async () => {
    const id = await suite.tenant.anExport();
    await setJob(suite.stage, suite.tenant.tenantId, id, succeeded());
    const { body } = await download(id).expect(200);
    const { publicEndpoint, bucket } = suite.stage.context.config.storage!;
    expect(body).toEqual({
      downloadUrl: expect.stringMatching(`^${publicEndpoint}/${bucket}/t/exports/`),
      fileName: "MATCHED_00000000_20260101-20260131.csv",
      sha256: "ab".repeat(32),
      expiresIn: 900,
    });
    const signed = new URL(body.downloadUrl).searchParams;
    expect(signed.get("X-Amz-Expires")).toBe("900");
    expect(signed.get("response-content-disposition")).toMatch(/^attachment; filename="MATCHED_/);
    expect(signed.get("response-content-type")).toBe("text/csv; charset=utf-8");
    expect((await suite.tenant.audit()).at(-1)).toMatchObject({
      action: "export-job.downloaded",
      subject: `/v1/export-jobs/${id}`,
    });
  });

  it("names both digests of a compressed file, whose type is gzip", async () => {
    const id = await suite.tenant.anExport({ ...WANTED, compression: "gzip" });
    const contentSha256 = "cd".repeat(32);
    await setJob(suite.stage, suite.tenant.tenantId, id, succeeded({ contentSha256 }));
    const { body: job } = await suite.tenant.caller.get(`/v1/export-jobs/${id}`).expect(200);
    expect(job).toMatchObject({ compression: "GZIP", contentSha256 });
    const { body } = await download(id).expect(200);
    expect(body).toMatchObject({ sha256: "ab".repeat(32), contentSha256 });
    const signed = new URL(body.downloadUrl).searchParams;
    expect(signed.get("response-content-type")).toBe("application/gzip");
  });

  it("caps the lifetime of the URL at the remaining lifetime of the file", async () => {
    const id = await suite.tenant.anExport();
    await setJob(
      suite.stage,
      suite.tenant.tenantId,
      id,
      succeeded({ expiresAt: new Date(Date.now() + 60_000) }),
    );
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
    [
      "past its expiry",
      succeeded({ expiresAt: new Date(Date.now() - 1) }),
      410,
      "export_file_gone",
    ],
  ])("refuses a job that is %s", async (_, state, status, code) => {
    const id = await suite.tenant.anExport();
    await setJob(suite.stage, suite.tenant.tenantId, id, state);
    const { body } = await download(id).expect(status);
    expect(body).toMatchObject({ code, status });
    expect((await suite.tenant.audit()).map(({ action }) => action)).toEqual([
      "export-job.created",
    ]);
  });
});
