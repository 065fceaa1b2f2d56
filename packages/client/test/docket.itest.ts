import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createDocket, isDocketError, type RunProgress } from "../src/index.ts";
import {
  createClientStage,
  EXPORT,
  seedContext,
  transactionsFrom,
  type ClientStage,
} from "./support/stage.ts";

let stage: ClientStage;
let contextId: string;
let directory: string;

beforeAll(async () => {
  stage = await createClientStage();
  contextId = await seedContext(stage.direct, 250);
  directory = await mkdtemp(join(tmpdir(), "docket-client-"));
});

afterEach(async () => {
  await stage.apiProxy.pass();
  await stage.storeProxy.pass();
});

afterAll(async () => {
  await stage.close();
  await rm(directory, { recursive: true });
});

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

const anException = async () =>
  (await stage.direct.exceptions.list({ contextId }).page()).items[0]!;

async function aDispute(): Promise<string> {
  const { id } = await anException();
  const dispute = { category: "OTHER", description: "Test" };
  return (await stage.direct.disputes.create(id, dispute)).id;
}

describe("an export", () => {
  it("is ordered, awaited, downloaded and verified by one call", async () => {
    const seen: RunProgress[] = [];
    const run = { to: join(directory, "run"), onProgress: (each: RunProgress) => seen.push(each) };
    const saved = await stage.docket.exportJobs.run(contextId, EXPORT, run);
    const file = await readFile(saved.path!);
    expect(sha256(file)).toBe(saved.job.sha256);
    expect(file.toString().trim().split("\n")).toHaveLength(251);
    expect(await readdir(join(directory, "run"))).toEqual([saved.fileName]);
    expect(seen.at(-1)).toMatchObject({ downloadedBytes: file.length });
  });

  it("can be estimated, listed and canceled", async () => {
    const { exportJobs } = stage.docket;
    expect(await exportJobs.estimate(contextId, EXPORT)).toMatchObject({ rows: 250, exact: true });
    const { jobId } = await exportJobs.create(contextId, EXPORT);
    const job = await exportJobs.waitFor(jobId);
    expect(job).toMatchObject({ status: "SUCCEEDED", recordsWritten: 250 });
    const listed = [];
    for await (const { id } of exportJobs.list({ contextId, limit: 1 })) listed.push(id);
    expect(listed[0]).toBe(jobId);
    const refused = exportJobs.cancel(jobId);
    await expect(refused).rejects.toMatchObject({ code: "export_not_cancelable", status: 409 });
  });

  it("fails at the end of the stream when one bit has changed or the file is cut short", async () => {
    const { jobId } = await stage.docket.exportJobs.create(contextId, EXPORT);
    await stage.docket.exportJobs.waitFor(jobId);
    for (const [response, code] of [
      ["flip", "download_corrupt"],
      ["truncate", "network_error"],
    ] as const) {
      stage.storeProxy.failRequests({ when: () => true, response });
      const { stream } = await stage.docket.exportJobs.download(jobId);
      await expect(new Response(stream).arrayBuffer()).rejects.toMatchObject({ code });
    }
  });

  it("is saved only when it is intact", async () => {
    let requests = 0;
    // The first two attempts get damaged files.
    const when = (): boolean => (requests += 1) <= 2;
    stage.storeProxy.failRequests({ when, response: () => (requests === 1 ? "flip" : "truncate") });
    const to = join(directory, "repeated");
    const { path, job } = await stage.docket.exportJobs.run(contextId, EXPORT, { to });
    expect(requests).toBe(3);
    expect(sha256(await readFile(path!))).toBe(job.sha256);
    expect(await readdir(to)).toHaveLength(1);
  });
});

describe("records", () => {
  it("are streamed from an async iterable", async () => {
    async function* stream() {
      yield* transactionsFrom(0, 300);
    }
    const result = await stage.docket.records.push(contextId, "transactions", stream());
    expect(result).toEqual({ received: 300, inserted: 50, updated: 0, unchanged: 250 });
  });

  it("are refused with the line and the field, also while they are still being sent", async () => {
    const records = transactionsFrom(0, 100_000).map((record) => ({ ...record, amount: "x" }));
    const refused = stage.docket.records.push(contextId, "transactions", records);
    await expect(refused).rejects.toMatchObject({
      code: "invalid_records",
      status: 422,
      errors: expect.arrayContaining([expect.objectContaining({ line: 1, field: "amount" })]),
    });
  });

  it("reject with the error of their source", async () => {
    async function* stream() {
      yield* transactionsFrom(0, 1);
      throw new Error("the disk is gone");
    }
    const push = stage.docket.records.push(contextId, "transactions", stream());
    await expect(push).rejects.toThrow("the disk is gone");
  });
});

describe("a dispute", () => {
  it("takes evidence from bytes, from a Blob and from a stream, and gives it back", async () => {
    const { evidence, disputes } = stage.docket;
    const id = await aDispute();
    const bytes = new TextEncoder().encode("reference,amount\n1,1.5\n");
    async function* stream() {
      yield bytes.subarray(0, 5);
      yield bytes.subarray(5);
    }
    const about = { comment: "Statement", contentType: "text/csv", fileName: "a.csv" };
    await evidence.upload(id, bytes, { ...about, kind: "BANK_STATEMENT" });
    await evidence.upload(id, new Blob([bytes], { type: "text/csv" }), {
      comment: "Blob",
      fileName: "b.csv",
    });
    await evidence.upload(id, stream(), about);
    const dispute = await disputes.get(id);
    expect(dispute.evidence.map(({ file }) => file?.sha256)).toEqual(
      Array.from({ length: 3 }, () => sha256(Buffer.from(bytes))),
    );
    const { stream: file } = await evidence.download(id, dispute.evidence[0]!.id);
    expect(Buffer.from(await new Response(file).arrayBuffer())).toEqual(Buffer.from(bytes));
  });

  it("is changed only in the version that was read", async () => {
    const id = await aDispute();
    const { version } = await stage.docket.disputes.get(id);
    await stage.docket.disputes.addNote(id, { note: "Called the bank" });
    const stale = { ifVersion: version };
    const update = stage.docket.disputes.update(id, { assignedTo: "maria" }, stale);
    await expect(update).rejects.toMatchObject({ code: "precondition_failed" });
    await stage.docket.disputes.close(id, { won: false, resolution: "Rejected" });
    const types = [];
    for await (const { type } of stage.docket.disputes.history(id)) types.push(type);
    expect(types).toEqual(["created", "note-added", "closed"]);
  });
});

describe("lists", () => {
  it("are iterated over page after page", async () => {
    const ids = new Set<string>();
    for await (const { id } of stage.docket.transactions.list(contextId, { limit: 70 }))
      ids.add(id);
    expect(ids.size).toBeGreaterThanOrEqual(250);
    const { items, hasMore } = await stage.docket.transactions.list(contextId).page();
    expect([items.length, hasMore]).toEqual([20, true]);
  });
});

describe("errors", () => {
  it("carry the code, the fields and the ID of the request", async () => {
    const refused = stage.docket.exportJobs.create(contextId, { ...EXPORT, reportType: "NONE" });
    const error: unknown = await refused.catch((reason: unknown) => reason);
    expect(isDocketError(error, "bad_request")).toBe(true);
    expect(isDocketError(error, "not_found")).toBe(false);
    expect(error).toMatchObject({ status: 400, errors: [{ field: "reportType" }] });
    expect((error as { requestId: string }).requestId).toMatch(/\S/);
  });

  it("name the server that does not answer", async () => {
    await stage.apiProxy.refuse();
    await expect(stage.docket.contexts.list().page()).rejects.toMatchObject({
      code: "network_error",
      message: expect.stringMatching(/127\.0\.0\.1.* does not answer \(ECONNREFUSED\)/) as string,
    });
  });

  it("are those of the caller's signal when the call is aborted", async () => {
    stage.apiProxy.hang();
    const controller = new AbortController();
    const call = stage.docket.contexts.list({}, { signal: controller.signal }).page();
    controller.abort(new Error("no longer needed"));
    await expect(call).rejects.toThrow("no longer needed");
  });

  it("report a server that does not answer in time", async () => {
    stage.apiProxy.failRequests({ when: () => true, response: "hang" });
    const { baseUrl } = stage.docket;
    const hasty = createDocket({ baseUrl, token: () => stage.token, timeoutMs: 500 });
    await expect(hasty.contexts.list().page()).rejects.toMatchObject({ code: "timeout" });
    expect(stage.apiProxy.failedRequests()).toBeGreaterThanOrEqual(5);
  });
});
