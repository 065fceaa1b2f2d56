import { randomBytes, randomUUID } from "node:crypto";
import { PassThrough, Readable } from "node:stream";
import { createStorage, type Storage, type StorageConfig } from "../../src/storage/index.ts";
import { collect, digestOf, MIB, sha256, streamOf } from "./suite-helpers.ts";
import { describeUploads } from "./upload-suite.ts";

/** What the rest of Docket relies on, on any store. `target` gives a server; the suite makes its own bucket there. */
export function describeStorage(name: string, target: () => Omit<StorageConfig, "bucket">): void {
  describe(`storage on ${name}`, () => {
    const bucket = `suite-${randomUUID()}`;
    let storage: Storage;
    beforeAll(async () => {
      storage = createStorage({ ...target(), bucket });
      await storage.ensureBucket();
    });
    afterAll(() => storage.close());

    it("has the bucket, however often that is asked for", async () => {
      await storage.ensureBucket();
      await expect(storage.ping()).resolves.toBeUndefined();
    });

    describeUploads(() => storage);

    it("keeps type and metadata, and knows no object that is not there", async () => {
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
      await expect(storage.head("t/nothing")).resolves.toBeUndefined();
    });

    it("puts a stream of known length", async () => {
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

    it("puts nothing as well", async () => {
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
    ])("refuses a put whose body is %s than it said, at once", async (_, contentLength, size) => {
      const input = {
        key: "t/short",
        body: Readable.from([Buffer.alloc(size)]),
        contentLength,
        contentType: "text/plain",
      };
      const begin = performance.now();
      await expect(storage.put(input)).rejects.toMatchObject({ kind: "mismatch" });
      expect(performance.now() - begin).toBeLessThan(2_000);
      await expect(storage.head("t/short")).resolves.toBeUndefined();
    });

    it("stops a put whose body stalls, and one whose body fails", async () => {
      const stalled = {
        key: "t/stalled",
        body: new PassThrough(),
        contentLength: 10,
        contentType: "text/plain",
      };
      await expect(
        storage.put({ ...stalled, signal: AbortSignal.timeout(50) }),
      ).rejects.toMatchObject({ kind: "aborted" });
      const fault = new Error("client went away");
      const body = new PassThrough();
      const put = storage.put({ ...stalled, body });
      body.write("abc");
      body.destroy(fault);
      await expect(put).rejects.toBe(fault);
    });

    it("deletes, again and again", async () => {
      await storage.upload({
        key: "t/gone",
        body: streamOf(Buffer.from("x")),
        contentType: "text/plain",
      });
      await storage.delete("t/gone");
      await storage.delete("t/gone");
      await expect(storage.head("t/gone")).resolves.toBeUndefined();
    });

    it("lists a prefix in order, page by page, and no more than was asked for", async () => {
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

    it("signs links that download under the given name and type", async () => {
      await storage.upload({
        key: "t/link",
        body: streamOf(Buffer.from("{}")),
        contentType: "text/plain",
      });
      const input = {
        key: "t/link",
        fileName: "Prüfung 1.json",
        contentType: "application/json",
        expiresInSeconds: 900,
      };
      const url = new URL(await storage.presignDownload(input));
      expect(url.searchParams.get("X-Amz-Expires")).toBe("900");
      const answer = await fetch(url);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-type")).toBe("application/json");
      expect(answer.headers.get("content-disposition")).toBe(
        `attachment; filename="Pr_fung 1.json"; filename*=UTF-8''Pr%C3%BCfung%201.json`,
      );
      expect(await answer.text()).toBe("{}");
    });

    it("signs links for the public address, where there is one", async () => {
      const elsewhere = createStorage({
        ...target(),
        bucket,
        publicEndpoint: "https://files.example.com",
      });
      const input = {
        key: "t/link",
        fileName: "f",
        contentType: "text/plain",
        expiresInSeconds: 60,
      };
      expect(await elsewhere.presignDownload(input)).toMatch(
        `https://files.example.com/${bucket}/t/link?`,
      );
      await elsewhere.close();
    });

    it("says what no retry can mend: a missing bucket, a wrong key", async () => {
      const input = { key: "k", contentType: "text/plain" };
      const nowhere = createStorage({ ...target(), bucket: `${bucket}-not` });
      await expect(nowhere.ping()).rejects.toMatchObject({
        code: "bucket_missing",
        kind: "misconfigured",
      });
      const missing = nowhere.upload({ ...input, body: streamOf(Buffer.alloc(9 * MIB)) });
      await expect(missing).rejects.toMatchObject({
        code: "bucket_missing",
        kind: "misconfigured",
      });
      await nowhere.close();
      const stranger = createStorage({ ...target(), bucket, secretAccessKey: "wrong" });
      await expect(stranger.ping()).rejects.toMatchObject({
        code: "storage_access_denied",
        kind: "misconfigured",
      });
      for (const size of [10, 9 * MIB]) {
        const refused = stranger.upload({ ...input, body: streamOf(Buffer.alloc(size)) });
        await expect(refused).rejects.toMatchObject({
          code: "storage_access_denied",
          kind: "misconfigured",
        });
      }
      await stranger.close();
    });

    it("says that it is unavailable when nobody listens", async () => {
      const nobody = createStorage({ ...target(), endpoint: "http://127.0.0.1:9", bucket });
      await expect(nobody.ping()).rejects.toMatchObject({ kind: "unavailable" });
      await nobody.close();
    });
  });
}
