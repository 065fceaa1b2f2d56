import { randomBytes, randomUUID } from "node:crypto";
import { PassThrough, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { createStorage, type Storage, type StorageConfig } from "../../src/storage/index.ts";
import { collect, digestOf, MIB, sha256, streamOf } from "./suite-helpers.ts";
import { describeUploads } from "./upload-suite.ts";

/** The behavior that Docket relies on, for any store. `target` names a server, on which the suite creates its own bucket. */
export function describeStorage(name: string, target: () => Omit<StorageConfig, "bucket">): void {
  describe(`storage on ${name}`, () => {
    const bucket = `suite-${randomUUID()}`;
    let storage: Storage;
    beforeAll(async () => {
      storage = createStorage({ ...target(), bucket });
      await storage.ensureBucket();
    });
    afterAll(() => storage.close());

    it("creates the bucket idempotently", async () => {
      await storage.ensureBucket();
      await expect(storage.ping()).resolves.toBeUndefined();
    });

    describeUploads(() => storage);

    it("keeps the type and the metadata, and has no head for a missing object", async () => {
      const metadata = { "export-id": "e1" };
      const contentDisposition = 'attachment; filename="x.csv"';
      const body = Readable.from([Buffer.from("a,b\n")]);
      await storage.upload({
        key: "t/head.csv",
        body,
        contentType: "text/csv",
        contentDisposition,
        metadata,
      });
      await expect(storage.head("t/head.csv")).resolves.toEqual({
        bytes: 4,
        contentType: "text/csv",
        metadata,
      });
      await expect(storage.head("t/missing")).resolves.toBeUndefined();
    });

    it("stores a stream of known length", async () => {
      const data = randomBytes(3 * MIB + 1);
      const input = {
        key: "t/put.pdf",
        body: streamOf(data),
        contentLength: data.length,
        contentType: "application/pdf",
      };
      await expect(storage.put({ ...input, metadata: { sha256: sha256(data) } })).resolves.toEqual({
        bytes: data.length,
      });
      expect(await digestOf(storage, "t/put.pdf")).toBe(sha256(data));
      await expect(storage.head("t/put.pdf")).resolves.toMatchObject({
        metadata: { sha256: sha256(data) },
      });
    });

    it("reads an object as a stream, and refuses to read a missing one", async () => {
      const data = randomBytes(MIB + 7);
      await storage.put({
        key: "t/read.pdf",
        body: streamOf(data),
        contentLength: data.length,
        contentType: "application/pdf",
      });
      expect(await buffer(await storage.read("t/read.pdf"))).toEqual(data);
      const missing = { name: "StorageError", code: "object_not_found" };
      await expect(storage.read("t/missing")).rejects.toMatchObject(missing);
    });

    it("stores an empty stream", async () => {
      const input = {
        key: "t/empty",
        body: Readable.from([]),
        contentLength: 0,
        contentType: "text/plain",
      };
      await expect(storage.put(input)).resolves.toEqual({ bytes: 0 });
    });

    it.each([
      ["shorter", 100, 99],
      ["longer", 100, 101],
    ])("rejects a put whose body is %s than announced", async (_, contentLength, size) => {
      const input = {
        key: "t/short",
        body: Readable.from([Buffer.alloc(size)]),
        contentLength,
        contentType: "text/plain",
      };
      await expect(storage.put(input)).rejects.toMatchObject({ kind: "mismatch" });
      await expect(storage.head("t/short")).resolves.toBeUndefined();
    });

    it("aborts a put whose body stalls, and one whose body fails", async () => {
      const stalled = {
        key: "t/stalled",
        body: new PassThrough(),
        contentLength: 10,
        contentType: "text/plain",
      };
      await expect(
        storage.put({ ...stalled, signal: AbortSignal.timeout(50) }),
      ).rejects.toMatchObject({ kind: "aborted" });
      const error = new Error("client went away");
      const body = new PassThrough();
      const put = storage.put({ ...stalled, body });
      body.write("abc");
      body.destroy(error);
      await expect(put).rejects.toBe(error);
    });

    it("deletes idempotently", async () => {
      await storage.upload({
        key: "t/deleted",
        body: streamOf(Buffer.from("x")),
        contentType: "text/plain",
      });
      await storage.delete("t/deleted");
      await storage.delete("t/deleted");
      await expect(storage.head("t/deleted")).resolves.toBeUndefined();
    });

    it("lists a prefix in key order, up to a limit", async () => {
      const keys = ["l/b", "l/a/1", "l/a/2", "l/ä", "l/a b+c&d", "m/x"];
      for (const key of keys) {
        await storage.put({
          key,
          body: Readable.from([Buffer.from(key)]),
          contentLength: Buffer.byteLength(key),
          contentType: "text/plain",
        });
      }
      const listed = await collect(storage.list("l/"));
      expect(listed.map(({ key }) => key)).toEqual(["l/a b+c&d", "l/a/1", "l/a/2", "l/b", "l/ä"]);
      expect(listed[0]).toMatchObject({ bytes: 9 });
      expect(Math.abs(Date.now() - (listed[0]?.lastModified.getTime() ?? 0))).toBeLessThan(60_000);
      expect(await collect(storage.list("l/", { limit: 2 }))).toHaveLength(2);
      expect(await collect(storage.list("l/", { limit: 0 }))).toEqual([]);
    });

    it("signs URLs that download under the given name and type", async () => {
      await storage.upload({
        key: "t/download",
        body: streamOf(Buffer.from("{}")),
        contentType: "text/plain",
      });
      const input = {
        key: "t/download",
        fileName: "Prüfung 1.json",
        contentType: "application/json",
        expiresInSeconds: 900,
      };
      const url = new URL(await storage.presignDownload(input));
      expect(url.searchParams.get("X-Amz-Expires")).toBe("900");
      const response = await fetch(url);
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toBe("application/json");
      expect(response.headers.get("content-disposition")).toBe(
        `attachment; filename="Pr_fung 1.json"; filename*=UTF-8''Pr%C3%BCfung%201.json`,
      );
      expect(await response.text()).toBe("{}");
    });

    it("signs URLs for the public endpoint, if there is one", async () => {
      const behindPublicEndpoint = createStorage({
        ...target(),
        bucket,
        publicEndpoint: "https://files.example.com",
      });
      const input = {
        key: "t/download",
        fileName: "f",
        contentType: "text/plain",
        expiresInSeconds: 60,
      };
      expect(await behindPublicEndpoint.presignDownload(input)).toMatch(
        `https://files.example.com/${bucket}/t/download?`,
      );
      await behindPublicEndpoint.close();
    });

    it("reports a missing bucket and a wrong key as permanent errors", async () => {
      const input = { key: "k", contentType: "text/plain" };
      const withoutBucket = createStorage({ ...target(), bucket: `${bucket}-not` });
      await expect(withoutBucket.ping()).rejects.toMatchObject({
        code: "bucket_missing",
        kind: "misconfigured",
      });
      const missing = withoutBucket.upload({ ...input, body: streamOf(Buffer.alloc(9 * MIB)) });
      await expect(missing).rejects.toMatchObject({
        code: "bucket_missing",
        kind: "misconfigured",
      });
      await withoutBucket.close();
      const unauthorized = createStorage({ ...target(), bucket, secretAccessKey: "wrong" });
      await expect(unauthorized.ping()).rejects.toMatchObject({
        code: "storage_access_denied",
        kind: "misconfigured",
      });
      for (const size of [10, 9 * MIB]) {
        const rejected = unauthorized.upload({ ...input, body: streamOf(Buffer.alloc(size)) });
        await expect(rejected).rejects.toMatchObject({
          code: "storage_access_denied",
          kind: "misconfigured",
        });
      }
      await unauthorized.close();
    });

    it("reports an unreachable store as unavailable", async () => {
      const unreachable = createStorage({ ...target(), endpoint: "http://127.0.0.1:9", bucket });
      await expect(unreachable.ping()).rejects.toMatchObject({ kind: "unavailable" });
      await unreachable.close();
    });
  });
}
