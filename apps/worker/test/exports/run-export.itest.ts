import { storageTargets, waitFor } from "@docket/testing";
import { createStorage } from "@docket/platform/storage";
import { withTenant } from "@docket/platform/database";
import { runExport } from "../../src/exports/run-export.ts";
import { createStage, holdExports, type Stage } from "../support/stage.ts";

describe.each(storageTargets())("an export to $name", (target) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await createStage(target);
  });
  afterAll(() => stage.close());

  it.each(["CSV", "JSON", "XML"])("writes a %s file that the row describes", async (format) => {
    const order = await stage.orderExport({ format });
    await runExport(order, stage.helpers);

    const job = await stage.job(order);
    expect(job).toMatchObject({
      status: "SUCCEEDED",
      claim: 1,
      attempts: 0,
      recordsWritten: 1_000n,
      recordsExpected: 1_000n,
      error: null,
    });
    expect(job.objectKey).toBe(
      `${stage.tenantId}/exports/${stage.contextId}/${job.id}/1-UNMATCHED.${format.toLowerCase()}`,
    );
    expect(job.fileName).toBe(
      `UNMATCHED_${stage.contextId.slice(0, 8)}_20260101-20261231.${format.toLowerCase()}`,
    );
    expect(job.expiresAt!.getTime() - job.finishedAt!.getTime()).toBe(7 * 86_400_000);
    const file = await stage.download(job.objectKey!);
    expect(file.sha256).toBe(job.sha256);
    expect(BigInt(Buffer.byteLength(file.text))).toBe(job.bytesWritten);
    expect(file.text.match(/\bT[1-9]\d*/g)).toHaveLength(1_000);
  });
});

describe("a delivery of an export job", () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await createStage();
  });
  afterEach(() => stage.close());

  /** Runs a delivery until its row is RUNNING and its query waits in the database. */
  const begin = async (order: { tenantId: string; jobId: string }) => {
    const hold = await holdExports(stage);
    const running = runExport(order, stage.helpers);
    await waitFor(async () => (await activeExports()) > 0);
    return { running, release: hold.release };
  };

  const activeExports = async (): Promise<number> => {
    const { rows } = await stage.superuser.query<{ count: string }>(
      "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'export-test' AND state = 'active' AND datname = current_database()",
    );
    return Number(rows[0]!.count);
  };

  const nothingIsLeft = async (): Promise<void> => {
    expect(await stage.keys()).toEqual([]);
    expect(await stage.uploads()).toEqual([]);
    // For the sweeper, should a request that was cut off be carried out late.
    expect(await stage.notes()).toEqual([expect.objectContaining({ committedAt: null })]);
  };

  it("does the work once when two workers get it at the same time", async () => {
    const order = await stage.orderExport();
    await Promise.all([
      runExport(order, stage.helpers),
      runExport(order, stage.helpers),
      runExport(order, stage.helpers),
    ]);
    expect(await stage.job(order)).toMatchObject({ status: "SUCCEEDED", claim: 1 });
    expect(await stage.keys()).toHaveLength(1);
  });

  it.each(["SUCCEEDED", "FAILED", "CANCELED", "EXPIRED"])(
    "changes nothing about a job that is %s",
    async (status) => {
      const order = await stage.orderExport();
      await runExport(order, stage.helpers);
      await stage.owner.query("UPDATE export_jobs SET status = $1, error = $2, error_code = $2", [
        status,
        status === "FAILED" ? "x" : null,
      ]);
      const before = await stage.job(order);
      await runExport(order, stage.helpers);
      expect(await stage.job(order)).toEqual(before);
    },
  );

  it("stops within two seconds of a cancel, and leaves nothing behind", async () => {
    const order = await stage.orderExport();
    const { running, release } = await begin(order);
    await stage.superuser.query("UPDATE export_jobs SET status = 'CANCELED', lease_until = NULL");
    const canceled = performance.now();
    await running;
    expect(performance.now() - canceled).toBeLessThan(2_000);
    await waitFor(async () => (await activeExports()) === 0, { timeoutMs: 2_000 });
    await release();
    expect(await stage.job(order)).toMatchObject({ status: "CANCELED", attempts: 0 });
    await nothingIsLeft();
  });

  it("is handed back at no attempt's cost when the worker is to stop", async () => {
    const order = await stage.orderExport();
    const { running, release } = await begin(order);
    stage.shutdown.abort();
    await running;
    await release();
    expect(await stage.job(order)).toMatchObject({
      status: "QUEUED",
      attempts: 0,
      claim: 1,
      leaseUntil: null,
    });
    expect(stage.queued).toEqual([{ message: order, claim: 1, delayMs: 0 }]);
    await nothingIsLeft();
  });

  it("is handed back at no attempt's cost when its connections break, and succeeds the next time", async () => {
    const order = await stage.orderExport();
    const { running, release } = await begin(order);
    await stage.superuser.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'export-test' AND datname = current_database()",
    );
    await running;
    await release();
    expect(await stage.job(order)).toMatchObject({ status: "QUEUED", attempts: 0 });
    await runExport(order, stage.helpers);
    expect(await stage.job(order)).toMatchObject({ status: "SUCCEEDED", attempts: 0, claim: 2 });
    expect(await stage.keys()).toEqual([expect.stringContaining("/2-UNMATCHED.csv")]);
  });

  it("from a worker that lost its claim changes nothing, and spoils nobody's file", async () => {
    const order = await stage.orderExport();
    const { running: late, release } = await begin(order);
    // As if it had slept past its lease: a second worker comes, and then both go on at once.
    await stage.superuser.query("UPDATE export_jobs SET lease_until = now() - interval '1 s'");
    const second = runExport(order, stage.helpers);
    await waitFor(async () => (await stage.job(order)).claim === 2);
    await release();
    await Promise.all([second, late]);
    const job = await stage.job(order);
    expect(job.status).toBe("SUCCEEDED");
    expect((await stage.download(job.objectKey!)).sha256).toBe(job.sha256);
    expect(await stage.keys()).toEqual([job.objectKey]);
  });

  it("is tried again later when the store is away, and FAILED after the fourth attempt", async () => {
    const away = createStorage({
      ...stage.storageConfig,
      endpoint: "http://127.0.0.1:1",
      timeoutMs: 500,
    });
    const order = await stage.orderExport();
    const delays: (number | undefined)[] = [];
    for (let attempt = 1; attempt <= 4; attempt++) {
      await runExport(order, { ...stage.helpers, storage: away });
      delays.push(stage.queued.pop()?.delayMs);
      expect(await stage.job(order)).toMatchObject({
        attempts: attempt,
        status: attempt < 4 ? "QUEUED" : "FAILED",
      });
    }
    expect(delays).toEqual([5_000, 30_000, 180_000, undefined]);
    expect(await stage.job(order)).toMatchObject({
      errorCode: "storage_unavailable",
      error: expect.not.stringContaining("127.0.0.1"),
    });
    await away.close();
  });

  it("is FAILED at once when no retry can mend it", async () => {
    const wrong = [
      { change: { bucket: "there-is-no-such-bucket" }, errorCode: "bucket_missing" },
      { change: { secretAccessKey: "wrong" }, errorCode: "storage_access_denied" },
    ];
    for (const { change, errorCode } of wrong) {
      const storage = createStorage({ ...stage.storageConfig, ...change });
      const order = await stage.orderExport();
      await runExport(order, { ...stage.helpers, storage });
      expect(await stage.job(order)).toMatchObject({ status: "FAILED", errorCode, attempts: 1 });
      await storage.close();
    }
    const order = await stage.orderExport();
    await runExport(order, { ...stage.helpers, storage: undefined });
    expect(await stage.job(order)).toMatchObject({
      status: "FAILED",
      errorCode: "storage_not_configured",
    });
  });

  it("is FAILED as worker_lost after the twentieth claim without a result", async () => {
    const order = await stage.orderExport({
      claim: 20,
      status: "RUNNING",
      leaseUntil: new Date(0),
    });
    await runExport(order, stage.helpers);
    expect(await stage.job(order)).toMatchObject({
      status: "FAILED",
      errorCode: "worker_lost",
      claim: 20,
    });
  });

  it("of another tenant's job finds nothing", async () => {
    const order = await stage.orderExport();
    await runExport({ ...order, tenantId: "00000000-0000-4000-8000-000000000000" }, stage.helpers);
    expect(await stage.job(order)).toMatchObject({ status: "QUEUED", claim: 0 });
  });

  it("shows rows, bytes and the instant of the snapshot while it runs", async () => {
    const order = await stage.orderExport();
    const { running, release } = await begin(order);
    await release();
    await running;
    const job = await withTenant(stage.tenantId, () => stage.job(order));
    expect(job.asOf!.getTime()).toBeGreaterThanOrEqual(job.startedAt!.getTime() - 1);
    expect(job.asOf!.getTime()).toBeLessThanOrEqual(job.finishedAt!.getTime());
  });
});
