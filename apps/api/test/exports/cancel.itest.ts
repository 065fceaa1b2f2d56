import { randomUUID } from "node:crypto";
import { setJob, succeeded } from "../support/export-rows.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

const cancel = (id: string) => suite.tenant.caller.post(`/v1/export-jobs/${id}/cancel`);

const job = async (id: string) =>
  (await suite.tenant.caller.get(`/v1/export-jobs/${id}`).expect(200)).body;

const cancellations = async (): Promise<number> =>
  (await suite.tenant.audit()).filter(({ action }) => action === "export-job.canceled").length;

describe("POST /v1/export-jobs/{jobId}/cancel", () => {
  it("cancels a QUEUED job and writes an audit event", async () => {
    const id = await suite.tenant.anExport();
    const { body } = await cancel(id).expect(200);
    expect(body).toMatchObject({ id, status: "CANCELED", finishedAt: expect.stringMatching(/Z$/) });
    expect(body).not.toHaveProperty("error");
    expect(await job(id)).toEqual(body);
    expect(await cancellations()).toBe(1);
  });

  it("cancels a RUNNING job", async () => {
    const id = await suite.tenant.anExport();
    const leaseUntil = new Date(Date.now() + 20_000);
    await setJob(suite.stage, suite.tenant.tenantId, id, { status: "RUNNING", leaseUntil });
    const { body } = await cancel(id).expect(200);
    expect(body.status).toBe("CANCELED");
  });

  it("returns a canceled job unchanged", async () => {
    const id = await suite.tenant.anExport();
    const first = await cancel(id).expect(200);
    const again = await cancel(id).expect(200);
    expect(again.body).toEqual(first.body);
    expect(await cancellations()).toBe(1);
  });

  it.each([
    ["SUCCEEDED", succeeded()],
    ["EXPIRED", succeeded({ status: "EXPIRED" })],
    ["FAILED", { status: "FAILED", error: "No.", errorCode: "no" }],
  ])("refuses a %s job with 409", async (status, state) => {
    const id = await suite.tenant.anExport();
    await setJob(suite.stage, suite.tenant.tenantId, id, state);
    const { body } = await cancel(id).expect(409);
    expect(body).toMatchObject({ code: "export_not_cancelable", status: 409 });
    expect((await job(id)).status).toBe(status);
    expect(await cancellations()).toBe(0);
  });

  it("returns 404 for an unknown id and for another tenant's, and 422 for a malformed id", async () => {
    const id = await suite.tenant.anExport();
    await cancel(randomUUID()).expect(404);
    await suite.stage.caller().post(`/v1/export-jobs/${id}/cancel`).expect(404);
    await cancel("x").expect(422);
    expect((await job(id)).status).toBe("QUEUED");
  });

  it("accepts only an empty body, and requires the write permission", async () => {
    const id = await suite.tenant.anExport();
    await suite.tenant.caller.post(`/v1/export-jobs/${id}/cancel`, { reason: "x" }).expect(400);
    const claims = { tenant_id: suite.tenant.tenantId, permissions: ["export-job:read"] };
    await suite.stage.caller(claims).post(`/v1/export-jobs/${id}/cancel`).expect(403);
    await suite.tenant.caller.post(`/v1/export-jobs/${id}/cancel`, {}).expect(200);
  });

  it("cancels once when called several times at once", async () => {
    const id = await suite.tenant.anExport();
    const answers = await Promise.all(Array.from({ length: 6 }, () => cancel(id).expect(200)));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await cancellations()).toBe(1);
  });
});
