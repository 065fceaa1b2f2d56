import type { ExportMessage } from "@docket/platform/queue";
import { storageTargets, waitFor, type RequestFault } from "@docket/testing";
import { createOutage, type Outage } from "../support/outage.ts";

/** The requests of one upload, as S3 tells them apart. */
const REQUESTS = {
  every: () => true,
  begin: ({ method, query }) => method === "POST" && query.has("uploads"),
  part: ({ method, query }) => method === "PUT" && query.has("partNumber"),
  complete: ({ method, query }) => method === "POST" && query.has("uploadId"),
} as const satisfies Record<string, RequestFault["when"]>;

const FAULTS: readonly (readonly [string, keyof typeof REQUESTS, RequestFault["response"]])[] = [
  ["answers 500 to everything", "every", 500],
  ["answers 503 to everything", "every", 503],
  ["is full: answers 507", "part", 507],
  ["cuts the connection at a part", "part", "cut"],
  ["refuses the last CompleteMultipartUpload", "complete", 503],
  ["answers 200 to the last CompleteMultipartUpload, and means an error", "complete", 200],
  ["completes the upload and cannot say so", "complete", "drop reply"],
  ["begins an upload and cannot say so", "begin", "drop reply"],
];

const SILENCES: typeof FAULTS = [
  ["hangs", "every", "hang"],
  ["hangs at a part", "part", "hang"],
];

let outage: Outage;
const begin = async (options: Parameters<typeof createOutage>[0]): Promise<void> => {
  outage = await createOutage(options);
  // More than one part of 8 MiB: an upload that is begun, carried on and completed.
  await outage.stage.owner.query(
    "UPDATE transactions SET description = repeat(md5(external_id), 300)",
  );
};
beforeEach(() => void outage.log.splice(0));
afterEach(() => outage.storage.pass());

const failed = async (order: ExportMessage) => {
  const job = await outage.becomes(order, "FAILED");
  expect(job).toMatchObject({
    claim: 4,
    attempts: 4,
    leaseUntil: null,
    objectKey: null,
    error: expect.stringMatching(/^[A-Z][a-z ]+\.$/),
  });
  return job;
};

const failsAfterFour = async (
  _: string,
  requests: keyof typeof REQUESTS,
  response: RequestFault["response"],
): Promise<void> => {
  const { stage, storage } = outage;
  storage.failRequests({ when: REQUESTS[requests], response });
  const job = await failed(await stage.orderExport());
  expect(["storage_unavailable", "storage_upload_lost"]).toContain(job.errorCode);
  await storage.pass();
  await outage.settles();
};

describe.each(storageTargets())("while $name", (target) => {
  beforeAll(() => begin({ target, storageTimeoutMs: 500 }));
  afterAll(() => outage.close());

  it.each(SILENCES)("%s, an export is FAILED after four attempts", failsAfterFour);
});

describe.each(storageTargets())("while $name is away", (target) => {
  beforeAll(() => begin({ target }));
  afterAll(() => outage.close());

  it.each(FAULTS)("that %s, an export is FAILED after four attempts", failsAfterFour);

  it.each([
    [404, "NoSuchBucket", "bucket_missing"],
    [403, "InvalidAccessKeyId", "storage_access_denied"],
    [403, "SignatureDoesNotMatch", "storage_access_denied"],
  ] as const)(
    "to us for good (%i %s), an export is FAILED at once, and what is left over goes when it is mended",
    async (response, code, errorCode) => {
      const { stage, storage } = outage;
      // Once the upload has begun: a store that is set up wrongly from the start has nothing to be cleared away.
      storage.failRequests({ when: (request) => !REQUESTS.begin(request), response, code });
      const job = await outage.becomes(await stage.orderExport(), "FAILED");
      expect(job).toMatchObject({ claim: 1, attempts: 1, errorCode, objectKey: null });
      await waitFor(() => outage.log.some(({ msg }) => msg === "left an object to the sweeper"));
      expect(await stage.uploads()).toHaveLength(1);
      await storage.pass();
      await outage.settles();
    },
  );

  it("that refuses connections too; and once it is back, what is left over is cleared away and exports run", async () => {
    const { stage, storage } = outage;
    await storage.refuse();
    expect(await failed(await stage.orderExport())).toMatchObject({
      errorCode: "storage_unavailable",
    });
    await storage.pass();
    await outage.settles();
    const job = await outage.becomes(await stage.orderExport(), "SUCCEEDED");
    expect(job).toMatchObject({ claim: 1, attempts: 0, recordsWritten: 1_000n });
    expect((await stage.download(job.objectKey!)).sha256).toBe(job.sha256);
  });

  it("for the answer to one request, nothing is left over of it", async () => {
    const { stage, storage } = outage;
    let left = 1;
    // The SDK begins a second upload, unless it has repeated too much of late: then the next attempt does.
    storage.failRequests({
      when: (request) => REQUESTS.begin(request) && left-- > 0,
      response: "drop reply",
    });
    const job = await outage.becomes(await stage.orderExport(), "SUCCEEDED");
    expect(job.attempts).toBe(job.claim - 1);
    await outage.settles();
  });

  it("for a moment, an export takes another attempt and succeeds", async () => {
    const { stage, storage } = outage;
    const order = await stage.orderExport();
    // In the middle of the second part.
    storage.failRequests({
      when: ({ query }) => query.get("partNumber") === "2",
      response: "cut",
    });
    await waitFor(async () => (await stage.job(order)).attempts >= 1);
    await storage.pass();
    const job = await outage.becomes(order, "SUCCEEDED");
    expect(job.attempts).toBe(job.claim - 1);
    expect(job).toMatchObject({ error: null, errorCode: null });
    expect((await stage.download(job.objectKey!)).sha256).toBe(job.sha256);
    await outage.settles();
  });
});
