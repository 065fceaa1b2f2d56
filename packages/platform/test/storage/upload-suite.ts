import { randomBytes } from "node:crypto";
import { PassThrough, Readable } from "node:stream";
import type { Storage } from "../../src/storage/index.ts";
import { collect, digestOf, MIB, sha256, streamOf } from "./suite-helpers.ts";

/** The part of the suite that is about bodies of unknown length, and what becomes of them when something fails. */
export function describeUploads(open: () => Storage): void {
  describe("uploads", () => {
    let storage: Storage;
    beforeAll(() => {
      storage = open();
    });

    it.each([
      ["nothing", 0],
      ["a little", 10],
      ["exactly one part", 8 * MIB],
      ["one byte more", 8 * MIB + 1],
      ["several parts", 27 * MIB + 12_345],
    ])("stores an upload of %s, byte for byte", async (_, size) => {
      const data = randomBytes(size);
      const key = `t/uploads/${size}.csv`;
      await expect(
        storage.upload({ key, body: streamOf(data), contentType: "text/csv; charset=utf-8" }),
      ).resolves.toEqual({ bytes: size });
      expect(await digestOf(storage, key)).toBe(sha256(data));
    });

    it("leaves no upload behind when the body fails, and rejects with its error", async () => {
      const fault = new Error("COPY failed");
      const body = Readable.from(
        (function* () {
          for (let index = 0; index < 20; index += 1) yield Buffer.alloc(MIB);
          throw fault;
        })(),
      );
      await expect(storage.upload({ key: "t/fault", body, contentType: "text/csv" })).rejects.toBe(
        fault,
      );
      await expect(collect(storage.listUploads("t/fault"))).resolves.toEqual([]);
      await expect(storage.head("t/fault")).resolves.toBeUndefined();
    });

    it("leaves nothing behind when it is stopped in the middle", async () => {
      const stop = new AbortController();
      const body = new PassThrough();
      let uploadId = "";
      const upload = storage.upload({
        key: "t/stopped",
        body,
        contentType: "text/csv",
        signal: stop.signal,
        onUploadId: (id) => {
          uploadId = id;
          stop.abort();
        },
      });
      body.on("error", () => undefined);
      body.write(Buffer.alloc(17 * MIB));
      const begin = performance.now();
      await expect(upload).rejects.toMatchObject({ kind: "aborted" });
      expect(performance.now() - begin).toBeLessThan(2_000);
      expect(uploadId).not.toBe("");
      await expect(collect(storage.listUploads("t/stopped"))).resolves.toEqual([]);
    });

    it("lists uploads that somebody left, and aborts them as often as one likes", async () => {
      const body = new PassThrough();
      const stop = new AbortController();
      const id = new Promise<string>((resolve) => {
        const options = {
          key: "t/left/a",
          body,
          contentType: "text/csv",
          signal: stop.signal,
          onUploadId: resolve,
        };
        storage.upload(options).catch(() => undefined);
      });
      body.write(Buffer.alloc(9 * MIB));
      const uploadId = await id;
      const [left, ...others] = await collect(storage.listUploads("t/left/"));
      expect(left).toMatchObject({ key: "t/left/a", uploadId });
      expect(Math.abs(Date.now() - (left?.initiated.getTime() ?? 0))).toBeLessThan(60_000);
      expect(others).toEqual([]);
      await storage.abortUpload("t/left/a", uploadId);
      await storage.abortUpload("t/left/a", uploadId);
      await expect(collect(storage.listUploads("t/left/"))).resolves.toEqual([]);
      stop.abort();
    });
  });
}
