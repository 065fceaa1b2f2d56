import { waitFor } from "@docket/testing";

import { createOutageStage, type JobBody, type OutageStage } from "./support/outage-stage.ts";

jest.setTimeout(180_000);

let stage: OutageStage;

beforeAll(async () => {
  stage = await createOutageStage();
});

afterAll(async () => {
  // The processes survived all outages and stopped in order.
  expect(await stage.close()).toEqual(["exit code 0", "exit code 0"]);
});

describe("an outage of the store", () => {
  it("fails the job after exactly four attempts", async () => {
    await stage.proxy.refuse();
    const jobId = await stage.createExport();
    expect(await stage.waitForStatus(jobId, "FAILED")).toMatchObject({
      attempts: 4,
      errorCode: "storage_unavailable",
      error: "The object storage is not available.",
    });
    expect(stage.countAttempts(jobId)).toBe(4);
    await stage.proxy.pass();
    await waitFor(async () => (await stage.listStored()).length === 0, {
      timeoutMs: 60_000,
      everyMs: 500,
    });
  });
});

describe("a restart of Postgres during an export", () => {
  it("answers 503 meanwhile, and the export succeeds without consuming an attempt", async () => {
    stage.proxy.slowDown(1_000_000);
    const jobId = await stage.createExport();
    await stage.waitForStatus(jobId, "RUNNING");
    await stage.stopPostgres();

    const refused = await stage.call("GET", `/v1/export-jobs/${jobId}`);
    expect(refused).toMatchObject({ status: 503, body: { code: "dependency_unavailable" } });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    const unready = await stage.call<JobBody>("GET", "/readyz");
    expect(unready.status).toBe(503);
    expect(unready.body["checks"]).toMatchObject({
      database: "down",
      queue: "down",
      storage: "up",
    });

    // Which message appears depends on the connection that Postgres closes first.
    const interrupted = ["export job handed back", "queue message failed"];
    await waitFor(() =>
      stage.worker.log.some(
        (entry) => entry["jobId"] === jobId && interrupted.includes(String(entry["msg"])),
      ),
    );
    await stage.restartPostgres();
    await stage.proxy.pass();
    const job = await stage.waitForStatus(jobId, "SUCCEEDED");
    expect(job).toMatchObject({ attempts: 0, recordsWritten: 5_000 });
    expect(stage.countAttempts(jobId)).toBe(2);
    expect((await stage.call("GET", "/readyz")).status).toBe(200);

    const next = await stage.createExport();
    expect(await stage.waitForStatus(next, "SUCCEEDED")).toMatchObject({ attempts: 0 });
  });
});
