import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { uploadInParts } from "../../src/storage/multipart.ts";
import { fakeClient } from "./fake-client.ts";

const MIB = 1_048_576;

const bodyOf = (mib: number, fault?: Error): Readable =>
  Readable.from(
    (function* () {
      for (let index = 0; index < mib; index += 1) yield Buffer.alloc(MIB, index);
      if (fault !== undefined) throw fault;
    })(),
  );

const input = { bucket: "b", key: "k", contentType: "text/csv", partSizeBytes: 5 * MIB };

const denied = (): never => {
  throw Object.assign(new Error("no"), {
    name: "AccessDenied",
    $metadata: { httpStatusCode: 403 },
  });
};

const untilAborted = (signal: AbortSignal | undefined): Promise<never> =>
  new Promise((_, reject) => {
    const stop = (): void =>
      reject(Object.assign(new Error("Request aborted"), { name: "AbortError" }));
    if (signal?.aborted === true) stop();
    else signal?.addEventListener("abort", stop);
  });

describe("an upload in parts", () => {
  it("tells how much it sent, and its id as soon as there is one", async () => {
    const { client, names } = fakeClient();
    const onUploadId = jest.fn();
    await expect(uploadInParts(client, { ...input, body: bodyOf(12), onUploadId })).resolves.toBe(
      12 * MIB,
    );
    expect(onUploadId.mock.calls).toEqual([["u1"]]);
    expect(names().filter((name) => name === "UploadPartCommand")).toHaveLength(3);
    expect(names().at(-1)).toBe("CompleteMultipartUploadCommand");
  });

  it("of what fits into one part is a single put", async () => {
    const { client, names } = fakeClient();
    await expect(uploadInParts(client, { ...input, body: bodyOf(3) })).resolves.toBe(3 * MIB);
    expect(names()).toEqual(["PutObjectCommand"]);
  });

  it("fails when there is a part too many, and never cuts the file short", async () => {
    const { client, names } = fakeClient();
    await expect(
      uploadInParts(client, { ...input, body: bodyOf(11), maxParts: 2 }),
    ).rejects.toMatchObject({ code: "export_too_large" });
    expect(names()).not.toContain("CompleteMultipartUploadCommand");
    expect(names()).toContain("AbortMultipartUploadCommand");
  });

  it("stops reading the body when a part is refused", async () => {
    const { client, calls } = fakeClient({ UploadPartCommand: denied });
    const body = bodyOf(500);
    await expect(uploadInParts(client, { ...input, body })).rejects.toMatchObject({
      code: "storage_access_denied",
    });
    expect(body.destroyed).toBe(true);
    expect(calls.filter(({ name }) => name === "UploadPartCommand").length).toBeLessThanOrEqual(2);
    expect(calls.at(-1)?.name).toBe("AbortMultipartUploadCommand");
  });

  it("rejects with the body's own error", async () => {
    const { client, names } = fakeClient();
    const fault = new Error("the query was canceled");
    await expect(uploadInParts(client, { ...input, body: bodyOf(12, fault) })).rejects.toBe(fault);
    expect(names()).toContain("AbortMultipartUploadCommand");
    expect(names()).not.toContain("CompleteMultipartUploadCommand");
  });

  it("rejects with the first fault also when clearing away fails", async () => {
    const { client } = fakeClient({ AbortMultipartUploadCommand: denied });
    const fault = new Error("the query was canceled");
    await expect(uploadInParts(client, { ...input, body: bodyOf(12, fault) })).rejects.toBe(fault);
  });

  it("aborts only when no part is on its way any more", async () => {
    const stop = new AbortController();
    const canceled = new Error("canceled");
    let inFlight = 0;
    let inFlightAtAbort = -1;
    const { client } = fakeClient({
      UploadPartCommand: async ({ signal }) => {
        inFlight += 1;
        if (inFlight === 2) stop.abort(canceled);
        await untilAborted(signal).finally(() => (inFlight -= 1));
      },
      AbortMultipartUploadCommand: () => {
        inFlightAtAbort = inFlight;
      },
    });
    await expect(
      uploadInParts(client, { ...input, body: bodyOf(50), signal: stop.signal }),
    ).rejects.toMatchObject({
      kind: "aborted",
      cause: canceled,
    });
    expect(inFlightAtAbort).toBe(0);
  });

  it("clears away an upload that was just being created when it was stopped", async () => {
    const stop = new AbortController();
    const { client, names } = fakeClient({
      CreateMultipartUploadCommand: async () => {
        stop.abort();
        return { UploadId: "u1" };
      },
    });
    await expect(
      uploadInParts(client, { ...input, body: bodyOf(12), signal: stop.signal }),
    ).rejects.toMatchObject({ kind: "aborted" });
    expect(names()).not.toContain("UploadPartCommand");
    expect(names()).toContain("AbortMultipartUploadCommand");
  });

  it("takes an object back that was completed while it was stopped", async () => {
    const stop = new AbortController();
    const { client, names } = fakeClient({
      CompleteMultipartUploadCommand: async () => stop.abort(),
    });
    await expect(
      uploadInParts(client, { ...input, body: bodyOf(12), signal: stop.signal }),
    ).rejects.toMatchObject({ kind: "aborted" });
    expect(names()).toContain("DeleteObjectCommand");
  });

  it("aborts what a first, unanswered request had begun, also when it succeeds with the second", async () => {
    const { client, calls } = fakeClient({
      CreateMultipartUploadCommand: () => ({ UploadId: "u2", $metadata: { attempts: 2 } }),
      ListMultipartUploadsCommand: () => ({
        Uploads: [
          { Key: "k", UploadId: "u1" },
          { Key: "k2", UploadId: "another object's" },
        ],
      }),
      AbortMultipartUploadCommand: () => {
        throw Object.assign(new Error("gone"), { name: "NoSuchUpload" });
      },
    });
    await expect(uploadInParts(client, { ...input, body: bodyOf(12) })).resolves.toBe(12 * MIB);
    const aborted = calls.filter(({ name }) => name === "AbortMultipartUploadCommand");
    expect(aborted.map((call) => call.input["UploadId"])).toEqual(["u1"]);
    expect(calls.map(({ name }) => name)).toContain("CompleteMultipartUploadCommand");
  });

  it("sends nothing when it was stopped before it began", async () => {
    const { client, names } = fakeClient();
    const body = bodyOf(12);
    await expect(
      uploadInParts(client, { ...input, body, signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ kind: "aborted" });
    expect(names()).toEqual([]);
    expect(body.destroyed).toBe(true);
  });

  it("leaves a part's bytes alone until it is sent, however late and in whatever order parts are answered", async () => {
    const sent = new Map<number, string>();
    const changed: number[] = [];
    const digest = (content: unknown): string =>
      createHash("sha256")
        .update(content as Buffer)
        .digest("hex");
    const { client } = fakeClient({
      UploadPartCommand: async ({ input: { PartNumber, Body } }) => {
        const [number, before] = [Number(PartNumber), digest(Body)];
        // The first of two comes after the second.
        await new Promise((resolve) => setTimeout(resolve, number % 2 === 1 ? 20 : 1));
        if (digest(Body) !== before) changed.push(number);
        sent.set(number, before);
        return { ETag: `"${number}"` };
      },
    });
    const whole = randomBytes(41 * MIB + 7);
    const body = Readable.from(
      (function* () {
        for (let at = 0; at < whole.length; at += 777_777) yield whole.subarray(at, at + 777_777);
      })(),
    );
    await expect(uploadInParts(client, { ...input, body })).resolves.toBe(whole.length);
    expect(changed).toEqual([]);
    const expected = Array.from({ length: 9 }, (_, index) =>
      digest(whole.subarray(index * 5 * MIB, (index + 1) * 5 * MIB)),
    );
    expect([...sent].toSorted(([a], [b]) => a - b).map(([, each]) => each)).toEqual(expected);
  });
});
