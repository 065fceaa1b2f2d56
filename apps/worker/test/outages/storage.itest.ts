import type { ExportMessage } from "@docket/platform/queue";
import { storageTargets, waitFor, type RequestFault } from "@docket/testing";
import { createOutage, type Outage, type OutageOptions } from "../support/outage.ts";

/** The requests of a multipart upload. */
const REQUESTS = {
  every: () => true,
  begin: ({ method, query }) => method === "POST" && query.has("uploads"),
  part: ({ method, query }) => method === "PUT" && query.has("partNumber"),
  complete: ({ method, query }) => method === "POST" && query.has("uploadId"),
} as const satisfies Record<string, RequestFault["when"]>;

const FAULTS: readonly (readonly [string, keyof typeof REQUESTS, RequestFault["response"]])[] = [
  ["returns 500 for every request", "every", 500],
  ["returns 503 for every request", "every", 503],
  ["is full and returns 507", "part", 507],
  ["closes the connection during a part", "part", "cut"],
  ["returns 503 for CompleteMultipartUpload", "complete", 503],
  ["returns 200 with an error for CompleteMultipartUpload", "complete", 200],
  ["completes the upload, but the response is lost", "complete", "drop reply"],
  ["creates the upload, but the response is lost", "begin", "drop reply"],
];

const SILENCES: typeof FAULTS = [
  ["hangs on every request", "every", "hang"],
  ["hangs during a part", "part", "hang"],
];

let outages: readonly { readonly name: string; readonly outage: Outage }[] = [];
const start = async (options: OutageOptions): Promise<void> => {
  const targets = storageTargets();
  outages = await Promise.all(
    targets.map(async (target) => ({
      name: target.name,
      outage: await createOutage({ ...options, target }),
    })),
  );
  for (const { outage } of outages)
    // More than one part of 5 MiB.
    await outage.stage.owner.query(
      "UPDATE transactions SET description = repeat(md5(external_id), 300)",
    );
};
beforeEach(() => outages.forEach(({ outage }) => outage.log.splice(0)));
afterEach(() => Promise.all(outages.map(({ outage }) => outage.storage.pass())));

/** Runs a test on all stores side by side, because it mostly waits. */
const onEveryStore = async (work: (outage: Outage) => Promise<unknown>): Promise<void> => {
  const results = await Promise.allSettled(
    outages.map(async ({ name, outage }) => {
      try {
        await work(outage);
      } catch (cause) {
        throw new Error(`on ${name}: ${String(cause)}`, { cause });
      }
    }),
  );
  for (const result of results) if (result.status === "rejected") throw result.reason;
};

/** Checks the remains of all tests at once, because the orphan sweeper waits before it deletes each of them. */
const closeClean = async (): Promise<void> => {
  try {
    await onEveryStore((outage) => outage.waitForCleanBucket());
  } finally {
    await Promise.all(outages.map(({ outage }) => outage.close()));
  }
};

const waitForFailure = async (outage: Outage, message: ExportMessage) => {
  const job = await outage.waitForStatus(message, "FAILED");
  expect(job).toMatchObject({
    claim: 4,
    attempts: 4,
    leaseUntil: null,
    objectKey: null,
    error: expect.stringMatching(/^[A-Z][a-z ]+\.$/),
  });
  return job;
};

const expectFailure = (
  _: string,
  requests: keyof typeof REQUESTS,
  response: RequestFault["response"],
): Promise<void> =>
  onEveryStore(async (outage) => {
    const { stage, storage } = outage;
    storage.failRequests({ when: REQUESTS[requests], response });
    const job = await waitForFailure(outage, await stage.createExport());
    expect(["storage_unavailable", "storage_upload_lost"]).toContain(job.errorCode);
  });

describe("when the store", () => {
  beforeAll(() => start({ storageTimeoutMs: 200 }));
  afterAll(closeClean);

  it.each(SILENCES)("%s, an export is FAILED after four attempts", expectFailure);
});

describe("when the store", () => {
  beforeAll(() => start({}));
  afterAll(closeClean);

  it.each(FAULTS)("%s, an export is FAILED after four attempts", expectFailure);

  it.each([
    [404, "NoSuchBucket", "bucket_missing"],
    [403, "InvalidAccessKeyId", "storage_access_denied"],
    [403, "SignatureDoesNotMatch", "storage_access_denied"],
  ] as const)(
    "returns %i %s, an export is FAILED at once, and its remains are left to the orphan sweeper",
    (response, code, errorCode) =>
      onEveryStore(async (outage) => {
        const { stage, storage } = outage;
        // Only after the upload was created: otherwise there would be nothing to delete.
        storage.failRequests({ when: (request) => !REQUESTS.begin(request), response, code });
        const message = await stage.createExport();
        const job = await outage.waitForStatus(message, "FAILED");
        expect(job).toMatchObject({ claim: 1, attempts: 1, errorCode, objectKey: null });
        await waitFor(() =>
          outage.log.some(
            ({ msg }) => msg === "object deletion failed; the orphan sweeper will retry",
          ),
        );
        expect(await stage.uploads(message)).toHaveLength(1);
      }),
  );

  it("is silent, canceled exports do not hold up the next ones", () =>
    onEveryStore(async (outage) => {
      const { stage, storage } = outage;
      storage.failRequests({ when: REQUESTS.part, response: "hang" });
      // As many as the worker runs at once.
      const canceled = [await stage.createExport(), await stage.createExport()];
      for (const each of canceled)
        await waitFor(async () => (await stage.uploads(each)).length === 1);
      storage.failRequests({ when: REQUESTS.every, response: "hang" });
      const next = await stage.createExport();
      for (const { jobId } of canceled)
        await stage.owner.query(
          "UPDATE export_jobs SET status = 'CANCELED', lease_until = NULL, finished_at = now() WHERE id = $1",
          [jobId],
        );
      await waitFor(async () => (await stage.job(next)).status === "RUNNING");
      await storage.pass();
      await outage.waitForStatus(next, "SUCCEEDED");
    }));

  it("refuses connections, an export is FAILED after four attempts; afterwards exports run", () =>
    onEveryStore(async (outage) => {
      const { stage, storage } = outage;
      await storage.refuse();
      expect(await waitForFailure(outage, await stage.createExport())).toMatchObject({
        errorCode: "storage_unavailable",
      });
      await storage.pass();
      const job = await outage.waitForStatus(await stage.createExport(), "SUCCEEDED");
      expect(job).toMatchObject({ claim: 1, attempts: 0, recordsWritten: 1_000n });
      expect((await stage.download(job.objectKey!)).sha256).toBe(job.sha256);
    }));

  it("loses the response to one request, an export succeeds", () =>
    onEveryStore(async (outage) => {
      const { stage, storage } = outage;
      let remaining = 1;
      // The SDK retries and creates a second upload. If its retry quota is used up, the next attempt does.
      storage.failRequests({
        when: (request) => REQUESTS.begin(request) && remaining-- > 0,
        response: "drop reply",
      });
      const job = await outage.waitForStatus(await stage.createExport(), "SUCCEEDED");
      expect(job.attempts).toBe(job.claim - 1);
    }));

  it("fails for a moment, an export succeeds with another attempt", () =>
    onEveryStore(async (outage) => {
      const { stage, storage } = outage;
      const message = await stage.createExport();
      storage.failRequests({
        when: ({ query }) => query.get("partNumber") === "2",
        response: "cut",
      });
      await waitFor(async () => (await stage.job(message)).attempts >= 1);
      await storage.pass();
      const job = await outage.waitForStatus(message, "SUCCEEDED");
      expect(job.attempts).toBe(job.claim - 1);
      expect(job).toMatchObject({ error: null, errorCode: null });
      expect((await stage.download(job.objectKey!)).sha256).toBe(job.sha256);
    }));
});
