import { randomBytes } from "node:crypto";
import { PassThrough, Readable } from "node:stream";
import { createBufferPool, type Storage } from "../../src/storage/index.ts";
import { collect, digestOf, MIB, partsOf, sha256, streamOf } from "./suite-helpers.ts";

/** The part of the suite for bodies of unknown length, including failures. */
export function describeUploads(open: () => Storage): void {
  describe("uploads", () => {
    let storage: Storage;
    beforeAll(() => {
      storage = open();
    });

    it.each([
      ["an empty body", 0],
      ["a small body", 10],
      ["exactly one part", 5 * MIB],
      ["one part and a byte", 5 * MIB + 1],
      ["several parts", 27 * MIB + 12_345],
    ])("stores %s byte for byte", async (_, size) => {
      const data = randomBytes(size);
      const key = `t/uploads/${size}.csv`;
      await expect(
        storage.upload({ key, body: streamOf(data), contentType: "text/csv; charset=utf-8" }),
      ).resolves.toEqual({ bytes: size });
      expect(await digestOf(storage, key)).toBe(sha256(data));
    });

    it("keeps the parts of two files apart that use buffers of one pool, also those of files before", async () => {
      const pool = createBufferPool(8);
      const write = async (key: string): Promise<string> => {
        const data = randomBytes(12 * MIB);
        await storage.upload({ key, body: partsOf(data, pool), contentType: "text/csv" });
        return sha256(data);
      };
      for (let round = 0; round < 3; round += 1) {
        const keys = [`t/pool/${round}-a`, `t/pool/${round}-b`] as const;
        const digests = await Promise.all(keys.map(write));
        const stored = await Promise.all(keys.map((key) => digestOf(storage, key)));
        expect(stored).toEqual(digests);
      }
    });

    it("leaves no upload behind if the body fails, and rejects with its error", async () => {
      const error = new Error("COPY failed");
      const body = Readable.from(
        (function* () {
          for (let index = 0; index < 20; index += 1) yield Buffer.alloc(MIB);
          throw error;
        })(),
      );
      await expect(storage.upload({ key: "t/failed", body, contentType: "text/csv" })).rejects.toBe(
        error,
      );
      await expect(collect(storage.listUploads("t/failed"))).resolves.toEqual([]);
      await expect(storage.head("t/failed")).resolves.toBeUndefined();
    });

    it("leaves nothing behind if it is aborted halfway", async () => {
      const aborter = new AbortController();
      const body = new PassThrough();
      let uploadId = "";
      const upload = storage.upload({
        key: "t/aborted",
        body,
        contentType: "text/csv",
        signal: aborter.signal,
        onUploadId: (id) => {
          uploadId = id;
          aborter.abort();
        },
      });
      body.on("error", () => undefined);
      body.write(Buffer.alloc(17 * MIB));
      await expect(upload).rejects.toMatchObject({ kind: "aborted" });
      expect(uploadId).not.toBe("");
      await expect(collect(storage.listUploads("t/aborted"))).resolves.toEqual([]);
    });

    it("lists unfinished uploads, and aborts them idempotently", async () => {
      const body = new PassThrough();
      const aborter = new AbortController();
      const id = new Promise<string>((resolve) => {
        const options = {
          key: "t/unfinished/a",
          body,
          contentType: "text/csv",
          signal: aborter.signal,
          onUploadId: resolve,
        };
        storage.upload(options).catch(() => undefined);
      });
      body.write(Buffer.alloc(9 * MIB));
      const uploadId = await id;
      const [unfinished, ...others] = await collect(storage.listUploads("t/unfinished/"));
      expect(unfinished).toMatchObject({ key: "t/unfinished/a", uploadId });
      expect(Math.abs(Date.now() - (unfinished?.initiated.getTime() ?? 0))).toBeLessThan(60_000);
      expect(others).toEqual([]);
      await storage.abortUpload("t/unfinished/a", uploadId);
      await storage.abortUpload("t/unfinished/a", uploadId);
      await expect(collect(storage.listUploads("t/unfinished/"))).resolves.toEqual([]);
      aborter.abort();
    });
  });
}
