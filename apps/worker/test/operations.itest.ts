import { randomUUID } from "node:crypto";
import { waitFor } from "@docket/testing";
import { createOutage, type Outage } from "./support/outage.ts";
import { blockExports } from "./support/stage.ts";

let outage: Outage;
let base: string;

beforeAll(async () => {
  outage = await createOutage();
  const port = outage.log.find(({ msg }) => msg === "serving metrics")?.["port"];
  base = `http://127.0.0.1:${Number(port)}`;
});

afterAll(() => outage.close());

const scrape = async (): Promise<string> => (await fetch(`${base}/metrics`)).text();

/** The value of a series; 0 if there is none. */
async function valueOf(series: string): Promise<number> {
  const line = (await scrape()).split("\n").find((each) => each.startsWith(`${series} `));
  return Number(line?.slice(series.length) ?? 0);
}

describe("the worker's operations port", () => {
  it("reports the transitions, durations and sizes of exports", async () => {
    await outage.waitForStatus(await outage.stage.createExport(), "SUCCEEDED");
    const kind = 'report="UNMATCHED",format="CSV"';
    await waitFor(
      async () => (await valueOf(`docket_export_duration_seconds_count{${kind}}`)) === 1,
    );
    expect(await valueOf(`docket_export_bytes_count{${kind}}`)).toBe(1);
    for (const status of ["RUNNING", "SUCCEEDED"]) {
      const series = `docket_export_job_transitions_total{report="UNMATCHED",format="CSV",status="${status}"}`;
      expect(await valueOf(series)).toBe(1);
    }
    expect(
      await valueOf('docket_upkeep_runs_total{task="reconciler",outcome="ok"}'),
    ).toBeGreaterThan(0);
    const answer = await fetch(`${base}/metrics`);
    expect(answer.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await answer.text()).toContain("# TYPE process_cpu_seconds_total counter");
  });

  it("reports the backlog of all tenants without their ids", async () => {
    await outage.stage.createExport({ runAfter: new Date(Date.now() + 600_000) });
    const series = 'docket_export_jobs_unfinished{status="QUEUED",report="UNMATCHED",format="CSV"}';
    expect(await valueOf(series)).toBe(1);
    // It is not due yet.
    expect(await valueOf("docket_export_oldest_queued_seconds")).toBe(0);
    expect(await scrape()).toContain('docket_queue_deliveries{state="prioritized"}');
    expect(await scrape()).not.toContain(outage.stage.tenantId);
  });

  it("reports how long the oldest job has waited", async () => {
    const block = await blockExports(outage.stage);
    // The worker runs two jobs at a time.
    const messages = await Promise.all(
      Array.from({ length: 3 }, () => outage.stage.createExport()),
    );
    await waitFor(async () => (await valueOf("docket_export_oldest_queued_seconds")) > 1);
    await block.release();
    for (const message of messages) await outage.waitForStatus(message, "SUCCEEDED");
  });

  it("reports health, and which dependency is unavailable", async () => {
    const [health, ready] = await Promise.all(
      ["healthz", "readyz"].map((path) => fetch(`${base}/${path}`)),
    );
    expect([health?.status, ready?.status]).toEqual([200, 200]);
    expect(await ready?.json()).toEqual({
      status: "ready",
      checks: { database: "up", queue: "up", storage: "up" },
    });
    await outage.storage.refuse();
    // The answer before is shared for a second.
    const unready = await waitFor(async () => {
      const response = await fetch(`${base}/readyz`);
      return response.status === 503 && response;
    });
    expect(await unready.json()).toMatchObject({
      status: "not_ready",
      checks: { storage: "down" },
    });
    expect((await fetch(`${base}/healthz`)).status).toBe(200);
    await outage.storage.pass();
  });

  it("omits what it cannot read when the database hangs", async () => {
    const failures = 'docket_scrape_failures_total{from="database"}';
    outage.database.hang();
    const startedAt = performance.now();
    const text = await scrape();
    // Prometheus waits 10 s.
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(text).not.toContain("docket_export_jobs_unfinished{");
    await outage.database.pass();
    expect(await valueOf(failures)).toBeGreaterThan(0);
    await waitFor(async () => (await scrape()).includes("docket_export_jobs_unfinished{"));
  });

  it("counts the jobs that return to the queue, by cause", async () => {
    await outage.storage.refuse();
    const message = await outage.stage.createExport();
    await waitFor(async () => (await outage.stage.job(message)).attempts > 0);
    await outage.storage.pass();
    await outage.waitForStatus(message, "SUCCEEDED");
    expect(
      await valueOf('docket_export_returns_total{cause="storage_unavailable"}'),
    ).toBeGreaterThan(0);
  });

  it("serves no other path and accepts no body", async () => {
    expect((await fetch(`${base}/v1/contexts`)).status).toBe(404);
    expect((await fetch(`${base}/metrics`, { method: "POST", body: "x" })).status).toBe(405);
  });
});

describe("the worker's log", () => {
  it("has one line for each status change, with the ids, and no secrets", async () => {
    const requestId = randomUUID();
    const message = await outage.stage.createExport({ requestId });
    await outage.waitForStatus(message, "SUCCEEDED");
    const lines = await waitFor(() => {
      const those = outage.log.filter((line) => line["jobId"] === message.jobId && line["status"]);
      return those.length >= 2 && those;
    });
    const ids = {
      jobId: message.jobId,
      tenantId: message.tenantId,
      requestId,
      claim: 1,
      attempts: 0,
    };
    expect(lines).toMatchObject([
      { ...ids, status: "RUNNING" },
      { ...ids, status: "SUCCEEDED" },
    ]);
    const all = JSON.stringify(outage.log);
    const { secretAccessKey } = outage.stage.storageConfig;
    const { password } = new URL(outage.stage.urls.app);
    for (const secret of [secretAccessKey, password, "X-Amz-Signature"]) {
      if (secret) expect(all).not.toContain(secret);
    }
  });
});
