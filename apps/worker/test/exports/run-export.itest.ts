import { Readable } from "node:stream";
import { gunzipSync } from "node:zlib";
import { CLEAR_EXCEPTION_DATES, storageTargets, waitFor } from "@docket/testing";
import type { ExportMessage } from "@docket/platform/queue";
import { createStorage } from "@docket/platform/storage";
import { runExport } from "../../src/exports/run-export.ts";
import { createStage, blockExports, sha256Of, type Stage } from "../support/stage.ts";

/** docs/api.md §2, "Cancellation". */
const CANCELLATION_LIMIT_MS = 2_000;

describe.each(storageTargets())("an export to $name", (target) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await createStage(target);
  });
  afterAll(() => stage.close());

  it.each(["CSV", "JSON", "XML", "NDJSON"])(
    "writes the %s file that the row describes",
    async (format) => {
      const message = await stage.createExport({ format });
      await runExport(message, stage.tools);

      const job = await stage.job(message);
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
      expect(job.contentSha256).toBeNull();
    },
  );

  it.each(["CSV", "JSON", "XML", "NDJSON"])(
    "writes the same %s file compressed, with the digests of both",
    async (format) => {
      const [plain, compressed] = [
        await stage.createExport({ format }),
        await stage.createExport({ format, compression: "GZIP" }),
      ];
      await runExport(plain, stage.tools);
      await runExport(compressed, stage.tools);

      const [content, job] = [await stage.job(plain), await stage.job(compressed)];
      expect(job).toMatchObject({ status: "SUCCEEDED", recordsWritten: 1_000n });
      expect(job.objectKey).toMatch(`/1-UNMATCHED.${format.toLowerCase()}.gz`);
      expect(job.fileName).toBe(`${content.fileName}.gz`);
      expect(job.contentSha256).toBe(content.sha256);
      const file = await stage.download(job.objectKey!);
      expect(file.sha256).toBe(job.sha256);
      expect(BigInt(file.bytes.length)).toBe(job.bytesWritten);
      expect(file.bytes.length).toBeLessThan(Number(content.bytesWritten) / 2);
      expect(sha256Of(gunzipSync(file.bytes))).toBe(content.sha256);
    },
  );
});

describe("an export of a report with a data migration", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await createStage();
    await stage.owner.query(`WITH matched AS (
        INSERT INTO match_groups (tenant_id, context_id, id, external_id) SELECT tenant_id, context_id, id, external_id FROM transactions
      ) INSERT INTO match_group_items (tenant_id, match_group_id, transaction_id, amount) SELECT tenant_id, id, id, amount FROM transactions`);
    await stage.owner
      .query(`INSERT INTO exceptions (tenant_id, context_id, transaction_id, severity)
      SELECT tenant_id, context_id, id, 'LOW' FROM transactions WHERE amount % 2 = 0`);
  });
  afterAll(() => stage.close());

  it.each([
    ["MATCHED", "matched-items", "DELETE FROM matched_items"],
    ["UNMATCHED", "exception-dates", CLEAR_EXCEPTION_DATES],
  ])("is the same file of %s before %s has finished", async (reportType, name, before) => {
    const exported = async () => {
      const message = await stage.createExport({ reportType });
      await runExport(message, stage.tools);
      return stage.job(message);
    };
    const job = await exported();
    expect(job).toMatchObject({ status: "SUCCEEDED", recordsWritten: 1_000n });
    await stage.owner.query(before);
    await stage.owner.query("UPDATE data_migrations SET finished_at = NULL WHERE name = $1", [
      name,
    ]);
    expect(await exported()).toMatchObject({ status: "SUCCEEDED", sha256: job.sha256 });
  });
});

describe("a message about an export job", () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await createStage();
  });
  afterEach(() => stage.close());

  /** Starts an export and waits until its query is blocked in the database. */
  const startBlocked = async (message: ExportMessage) => {
    const block = await blockExports(stage);
    const running = runExport(message, stage.tools);
    await waitFor(async () => (await activeExports()) > 0);
    return { running, release: block.release };
  };

  const activeExports = async (): Promise<number> => {
    const { rows } = await stage.superuser.query<{ count: string }>(
      "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'export-test' AND state = 'active' AND datname = current_database()",
    );
    return Number(rows[0]!.count);
  };

  const expectNoObjects = async (): Promise<void> => {
    expect(await stage.keys()).toEqual([]);
    expect(await stage.uploads()).toEqual([]);
    // For the sweeper, because a request that was cut off may still create the object.
    expect(await stage.storedObjects()).toEqual([expect.objectContaining({ committedAt: null })]);
  };

  it("runs once if several workers receive it at the same time", async () => {
    const message = await stage.createExport();
    await Promise.all([
      runExport(message, stage.tools),
      runExport(message, stage.tools),
      runExport(message, stage.tools),
    ]);
    expect(await stage.job(message)).toMatchObject({ status: "SUCCEEDED", claim: 1 });
    expect(await stage.keys()).toHaveLength(1);
  });

  it.each(["SUCCEEDED", "FAILED", "CANCELED", "EXPIRED"])(
    "leaves a %s job unchanged",
    async (status) => {
      const message = await stage.createExport();
      await runExport(message, stage.tools);
      await stage.owner.query("UPDATE export_jobs SET status = $1, error = $2, error_code = $2", [
        status,
        status === "FAILED" ? "x" : null,
      ]);
      const before = await stage.job(message);
      await runExport(message, stage.tools);
      expect(await stage.job(message)).toEqual(before);
    },
  );

  it.each([{ format: "CSV" }, { format: "CSV", compression: "GZIP" }, { format: "XLSX" }])(
    "stops within 2 s of a cancellation and leaves no object: %j",
    async (options) => {
      const message = await stage.createExport(options);
      const { running, release } = await startBlocked(message);
      await stage.superuser.query("UPDATE export_jobs SET status = 'CANCELED', lease_until = NULL");
      const canceledAt = performance.now();
      await running;
      expect(performance.now() - canceledAt).toBeLessThan(CANCELLATION_LIMIT_MS);
      await waitFor(async () => (await activeExports()) === 0, {
        timeoutMs: CANCELLATION_LIMIT_MS,
      });
      await release();
      expect(await stage.job(message)).toMatchObject({ status: "CANCELED", attempts: 0 });
      await expectNoObjects();
    },
  );

  it("is handed back without using up an attempt when the worker stops", async () => {
    const message = await stage.createExport();
    const { running, release } = await startBlocked(message);
    stage.shutdown.abort();
    await running;
    await release();
    expect(await stage.job(message)).toMatchObject({
      status: "QUEUED",
      attempts: 0,
      claim: 1,
      leaseUntil: null,
    });
    expect(stage.enqueued).toEqual([{ message: message, claim: 1, delayMs: 0 }]);
    await expectNoObjects();
  });

  it("is handed back without using up an attempt when its connections break, and then succeeds", async () => {
    const message = await stage.createExport();
    const { running, release } = await startBlocked(message);
    await stage.superuser.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'export-test' AND datname = current_database()",
    );
    await running;
    await release();
    expect(await stage.job(message)).toMatchObject({ status: "QUEUED", attempts: 0 });
    await stage.makeDue(message);
    await runExport(message, stage.tools);
    expect(await stage.job(message)).toMatchObject({ status: "SUCCEEDED", attempts: 0, claim: 2 });
    expect(await stage.keys()).toEqual([expect.stringContaining("/2-UNMATCHED.csv")]);
  });

  it("changes nothing once its worker has lost the claim, and does not touch the new worker's file", async () => {
    const message = await stage.createExport();
    const { running: late, release } = await startBlocked(message);
    // As if the first worker had been frozen past its lease: a second one claims the job, then both continue.
    await stage.superuser.query("UPDATE export_jobs SET lease_until = now() - interval '1 s'");
    const second = runExport(message, stage.tools);
    await waitFor(async () => (await stage.job(message)).claim === 2);
    await release();
    await Promise.all([second, late]);
    const job = await stage.job(message);
    expect(job.status).toBe("SUCCEEDED");
    expect((await stage.download(job.objectKey!)).sha256).toBe(job.sha256);
    expect(await stage.keys()).toEqual([job.objectKey]);
  });

  it.each([{ format: "CSV" }, { format: "CSV", compression: "GZIP" }, { format: "XLSX" }])(
    "is retried when the store is unavailable, and FAILED after the fourth attempt: %j",
    async (options) => {
      const unavailable = createStorage({
        ...stage.storageConfig,
        endpoint: "http://127.0.0.1:1",
        timeoutMs: 500,
      });
      const message = await stage.createExport(options);
      const delays: (number | undefined)[] = [];
      for (let attempt = 1; attempt <= 4; attempt++) {
        await stage.makeDue(message);
        await runExport(message, { ...stage.tools, storage: unavailable });
        delays.push(stage.enqueued.pop()?.delayMs);
        expect(await stage.job(message)).toMatchObject({
          attempts: attempt,
          status: attempt < 4 ? "QUEUED" : "FAILED",
        });
      }
      expect(delays).toEqual([5_000, 30_000, 180_000, undefined]);
      expect(await stage.job(message)).toMatchObject({
        errorCode: "storage_unavailable",
        error: expect.not.stringContaining("127.0.0.1"),
      });
      await unavailable.close();
    },
  );

  it("is FAILED at once after a permanent error", async () => {
    const misconfigured = [
      { change: { bucket: "there-is-no-such-bucket" }, errorCode: "bucket_missing" },
      { change: { secretAccessKey: "wrong" }, errorCode: "storage_access_denied" },
    ];
    for (const { change, errorCode } of misconfigured) {
      const storage = createStorage({ ...stage.storageConfig, ...change });
      const message = await stage.createExport();
      await runExport(message, { ...stage.tools, storage });
      expect(await stage.job(message)).toMatchObject({ status: "FAILED", errorCode, attempts: 1 });
      await storage.close();
    }
    const message = await stage.createExport();
    await runExport(message, { ...stage.tools, storage: undefined });
    expect(await stage.job(message)).toMatchObject({
      status: "FAILED",
      errorCode: "storage_not_configured",
    });
  });

  it("leaves the object alone when another holder has the same claim number, after a failover", async () => {
    const message = await stage.createExport();
    const { running, release } = await startBlocked(message);
    await stage.superuser.query("UPDATE export_jobs SET holder = gen_random_uuid()");
    const key = `${stage.tenantId}/exports/${stage.contextId}/${message.jobId}/1-UNMATCHED.csv`;
    await stage.storage.put({
      key,
      body: Readable.from([Buffer.from("file of the other holder")]),
      contentLength: 24,
      contentType: "text/csv",
    });
    await running;
    await release();
    expect(await stage.keys()).toEqual([key]);
  });

  it("is retried when another number of rows was counted than copied", async () => {
    // Only the COPY runs without sorts: it sees nothing, and the count everything, as the counters do.
    await stage.owner.query(`
      CREATE POLICY hide ON transactions AS RESTRICTIVE FOR SELECT TO docket_app
      USING ((SELECT current_setting('enable_sort')) <> 'off')`);
    const message = await stage.createExport();
    await runExport(message, stage.tools);
    expect(await stage.job(message)).toMatchObject({ status: "QUEUED", attempts: 1 });
    await expectNoObjects();
  });

  it("is FAILED as worker_lost after the twentieth claim without a result", async () => {
    const message = await stage.createExport({
      claim: 20,
      status: "RUNNING",
      leaseUntil: new Date(0),
    });
    await runExport(message, stage.tools);
    expect(await stage.job(message)).toMatchObject({
      status: "FAILED",
      errorCode: "worker_lost",
      claim: 20,
    });
  });

  it("finds no job of another tenant", async () => {
    const message = await stage.createExport();
    await runExport({ ...message, tenantId: "00000000-0000-4000-8000-000000000000" }, stage.tools);
    expect(await stage.job(message)).toMatchObject({ status: "QUEUED", claim: 0 });
  });

  it("records the instant of its snapshot", async () => {
    const message = await stage.createExport();
    const { running, release } = await startBlocked(message);
    await release();
    await running;
    const job = await stage.job(message);
    expect(job.asOf!.getTime()).toBeGreaterThanOrEqual(job.startedAt!.getTime() - 1);
    expect(job.asOf!.getTime()).toBeLessThanOrEqual(job.finishedAt!.getTime());
  });
});
