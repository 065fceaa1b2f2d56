import { randomUUID } from "node:crypto";
import { waitFor } from "@docket/testing";
import { createOutage, type Outage } from "./support/outage.ts";
import { holdExports } from "./support/stage.ts";

let outage: Outage;
let base: string;

beforeAll(async () => {
  outage = await createOutage();
  const port = outage.log.find(({ msg }) => msg === "serving metrics")?.["port"];
  base = `http://127.0.0.1:${Number(port)}`;
});

afterAll(() => outage.close());

const scrape = async (): Promise<string> => (await fetch(`${base}/metrics`)).text();

/** The value of a series, 0 when there is none. */
async function valueOf(series: string): Promise<number> {
  const line = (await scrape()).split("\n").find((each) => each.startsWith(`${series} `));
  return Number(line?.slice(series.length) ?? 0);
}

describe("the worker's operations port", () => {
  it("tells Prometheus of exports: states, durations, sizes", async () => {
    await outage.becomes(await outage.stage.orderExport(), "SUCCEEDED");
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

  it("tells of the backlog of all tenants, and not of whose it is", async () => {
    await outage.stage.orderExport({ runAfter: new Date(Date.now() + 600_000) });
    const series = 'docket_export_jobs_unfinished{status="QUEUED",report="UNMATCHED",format="CSV"}';
    expect(await valueOf(series)).toBe(1);
    // It waits for its time, and is not late.
    expect(await valueOf("docket_export_oldest_queued_seconds")).toBe(0);
    expect(await scrape()).toContain('docket_queue_deliveries{state="prioritized"}');
    expect(await scrape()).not.toContain(outage.stage.tenantId);
  });

  it("tells how long a job has waited for a worker", async () => {
    const held = await holdExports(outage.stage);
    // The worker runs two at a time.
    const orders = await Promise.all(Array.from({ length: 3 }, () => outage.stage.orderExport()));
    await waitFor(async () => (await valueOf("docket_export_oldest_queued_seconds")) > 1);
    await held.release();
    for (const order of orders) await outage.becomes(order, "SUCCEEDED");
  });

  it("lives, and says which dependency is away", async () => {
    const [health, ready] = await Promise.all(
      ["healthz", "readyz"].map((path) => fetch(`${base}/${path}`)),
    );
    expect([health?.status, ready?.status]).toEqual([200, 200]);
    expect(await ready?.json()).toEqual({
      status: "ready",
      checks: { database: "up", queue: "up", storage: "up" },
    });
    await outage.storage.refuse();
    const away = await fetch(`${base}/readyz`);
    expect(away.status).toBe(503);
    expect(await away.json()).toMatchObject({ status: "not_ready", checks: { storage: "down" } });
    expect((await fetch(`${base}/healthz`)).status).toBe(200);
    await outage.storage.pass();
  });

  it("still answers when the database hangs, without what it cannot read", async () => {
    const unread = 'docket_scrape_failures_total{from="database"}';
    outage.database.hang();
    const startedAt = performance.now();
    const text = await scrape();
    // Prometheus waits for ten.
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(text).not.toContain("docket_export_jobs_unfinished{");
    await outage.database.pass();
    expect(await valueOf(unread)).toBeGreaterThan(0);
    await waitFor(async () => (await scrape()).includes("docket_export_jobs_unfinished{"));
  });

  it("counts what goes back to the queue, by cause", async () => {
    await outage.storage.refuse();
    const order = await outage.stage.orderExport();
    await waitFor(async () => (await outage.stage.job(order)).attempts > 0);
    await outage.storage.pass();
    await outage.becomes(order, "SUCCEEDED");
    expect(
      await valueOf('docket_export_returns_total{cause="storage_unavailable"}'),
    ).toBeGreaterThan(0);
  });

  it("has nothing else, and takes nothing", async () => {
    expect((await fetch(`${base}/v1/contexts`)).status).toBe(404);
    expect((await fetch(`${base}/metrics`, { method: "POST", body: "x" })).status).toBe(405);
  });
});

describe("the worker's log", () => {
  it("has one line for each change of a job's state, with its ids, and no secret", async () => {
    const requestId = randomUUID();
    const order = await outage.stage.orderExport({ requestId });
    await outage.becomes(order, "SUCCEEDED");
    const lines = await waitFor(() => {
      const those = outage.log.filter((line) => line["jobId"] === order.jobId && line["status"]);
      return those.length >= 2 && those;
    });
    const ids = { jobId: order.jobId, tenantId: order.tenantId, requestId, claim: 1, attempts: 0 };
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
