import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { createBufferPool } from "../../../src/storage/multipart/buffer-pool.ts";
import { PartStream } from "../../../src/storage/multipart/part-stream.ts";
import { uploadInParts } from "../../../src/storage/multipart/upload.ts";
import { fakeClient } from "../fake-client.ts";

const MIB = 1_048_576;

const bodyOf = (mib: number, error?: Error): Readable =>
  Readable.from(
    (function* () {
      for (let index = 0; index < mib; index += 1) yield Buffer.alloc(MIB, index);
      if (error !== undefined) throw error;
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
    const abort = (): void =>
      reject(Object.assign(new Error("Request aborted"), { name: "AbortError" }));
    if (signal?.aborted === true) abort();
    else signal?.addEventListener("abort", abort);
  });

describe("a multipart upload", () => {
  it("resolves with the number of bytes sent, and reports its ID as soon as it exists", async () => {
    const { client, names } = fakeClient();
    const onUploadId = jest.fn();
    await expect(uploadInParts(client, { ...input, body: bodyOf(12), onUploadId })).resolves.toBe(
      12 * MIB,
    );
    expect(onUploadId.mock.calls).toEqual([["u1"]]);
    expect(names().filter((name) => name === "UploadPartCommand")).toHaveLength(3);
    expect(names().at(-1)).toBe("CompleteMultipartUploadCommand");
  });

  it("of a body that fits into one part is a single PUT", async () => {
    const { client, names } = fakeClient();
    await expect(uploadInParts(client, { ...input, body: bodyOf(3) })).resolves.toBe(3 * MIB);
    expect(names()).toEqual(["PutObjectCommand"]);
  });

  it("fails if the body needs too many parts, and never truncates the file", async () => {
    const { client, names } = fakeClient();
    await expect(
      uploadInParts(client, { ...input, body: bodyOf(11), maxParts: 2 }),
    ).rejects.toMatchObject({ code: "export_too_large" });
    expect(names()).not.toContain("CompleteMultipartUploadCommand");
    expect(names()).toContain("AbortMultipartUploadCommand");
  });

  it.each([
    ["releases the buffers of its parts", 1, true],
    [
      "keeps them if a request was repeated, whose first attempt may still be reading them",
      2,
      false,
    ],
  ])("%s", async (_, attempts, isReleased) => {
    const respond = (): unknown => ({ ETag: '"1"', $metadata: { attempts } });
    const { client } = fakeClient({ UploadPartCommand: respond, PutObjectCommand: respond });
    for (const bytes of [1, 12 * MIB]) {
      const released: Buffer[] = [];
      const pool = {
        ...createBufferPool(0),
        release: (buffer: Buffer) => void released.push(buffer),
      };
      const flow = { onFull: () => undefined, onDrain: () => undefined };
      const body = new PartStream({ partBytes: 5 * MIB, pool, ...flow });
      body.reserve(bytes);
      body.advance(bytes);
      body.end();
      await uploadInParts(client, { ...input, body });
      expect(released.length > 0).toBe(isReleased);
    }
  });

  it("stops reading the body when a part is rejected", async () => {
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
    const error = new Error("the query was canceled");
    await expect(uploadInParts(client, { ...input, body: bodyOf(12, error) })).rejects.toBe(error);
    expect(names()).toContain("AbortMultipartUploadCommand");
    expect(names()).not.toContain("CompleteMultipartUploadCommand");
  });

  it("rejects with the first error even if the cleanup fails", async () => {
    const { client } = fakeClient({ AbortMultipartUploadCommand: denied });
    const error = new Error("the query was canceled");
    await expect(uploadInParts(client, { ...input, body: bodyOf(12, error) })).rejects.toBe(error);
  });

  it("is aborted only after all part requests have settled", async () => {
    const aborter = new AbortController();
    const reason = new Error("canceled");
    let inFlight = 0;
    let inFlightAtAbort = -1;
    const { client } = fakeClient({
      UploadPartCommand: async ({ signal }) => {
        inFlight += 1;
        if (inFlight === 2) aborter.abort(reason);
        await untilAborted(signal).finally(() => (inFlight -= 1));
      },
      AbortMultipartUploadCommand: () => {
        inFlightAtAbort = inFlight;
      },
    });
    await expect(
      uploadInParts(client, { ...input, body: bodyOf(50), signal: aborter.signal }),
    ).rejects.toMatchObject({
      kind: "aborted",
      cause: reason,
    });
    expect(inFlightAtAbort).toBe(0);
  });

  it("is cleaned up if the signal aborts while it is being created", async () => {
    const aborter = new AbortController();
    const { client, names } = fakeClient({
      CreateMultipartUploadCommand: async () => {
        aborter.abort();
        return { UploadId: "u1" };
      },
    });
    await expect(
      uploadInParts(client, { ...input, body: bodyOf(12), signal: aborter.signal }),
    ).rejects.toMatchObject({ kind: "aborted" });
    expect(names()).not.toContain("UploadPartCommand");
    expect(names()).toContain("AbortMultipartUploadCommand");
  });

  it("deletes the object if the signal aborts while it is being completed", async () => {
    const aborter = new AbortController();
    const { client, names } = fakeClient({
      CompleteMultipartUploadCommand: async () => aborter.abort(),
    });
    await expect(
      uploadInParts(client, { ...input, body: bodyOf(12), signal: aborter.signal }),
    ).rejects.toMatchObject({ kind: "aborted" });
    expect(names()).toContain("DeleteObjectCommand");
  });

  it("aborts the orphan of a create request that was retried, even though the retry succeeds", async () => {
    const { client, calls } = fakeClient({
      CreateMultipartUploadCommand: () => ({ UploadId: "u2", $metadata: { attempts: 2 } }),
      ListMultipartUploadsCommand: () => ({
        Uploads: [
          { Key: "k", UploadId: "u1" },
          { Key: "k2", UploadId: "of another object" },
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

  it("sends nothing if the signal aborted before it started", async () => {
    const { client, names } = fakeClient();
    const body = bodyOf(12);
    await expect(
      uploadInParts(client, { ...input, body, signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ kind: "aborted" });
    expect(names()).toEqual([]);
    expect(body.destroyed).toBe(true);
  });

  it("does not overwrite the buffer of a part in flight, whatever the order of the responses", async () => {
    const sent = new Map<number, string>();
    const changed: number[] = [];
    const digest = (content: unknown): string =>
      createHash("sha256")
        .update(content as Buffer)
        .digest("hex");
    const { client } = fakeClient({
      UploadPartCommand: async ({ input: { PartNumber, Body } }) => {
        const [number, before] = [Number(PartNumber), digest(Body)];
        // Odd parts finish after the even part that follows them.
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
