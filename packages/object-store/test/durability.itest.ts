import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";

import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { createStorage, type Storage } from "@docket/platform/storage";
import fc from "fast-check";

import { startObjectStore, type ObjectStore } from "../src/index.ts";

const keys = { region: "us-east-1", accessKeyId: "EMBEDDED", secretAccessKey: "embedded-secret" };
const MIB = 1_048_576;

describe("the embedded object store", () => {
  let directory: string;
  let store: ObjectStore;
  let storage: Storage;
  const open = async (): Promise<void> => {
    store = await startObjectStore({ directory, ...keys });
    storage = createStorage({ endpoint: store.endpoint, bucket: "docket", ...keys });
    await storage.ensureBucket();
  };
  const close = async (): Promise<void> => {
    await storage.close();
    await store.close();
  };
  const put = (key: string, data: Buffer): Promise<unknown> =>
    storage.put({
      key,
      body: Readable.from([data]),
      contentLength: data.length,
      contentType: "text/plain",
    });
  const link = (key: string): Promise<string> =>
    storage.presignDownload({
      key,
      fileName: "f",
      contentType: "text/plain",
      expiresInSeconds: 60,
    });
  const read = async (key: string): Promise<Buffer> =>
    Buffer.from(await (await fetch(await link(key))).arrayBuffer());
  const files = (folder: string): Promise<string[]> => readdir(join(directory, "docket", folder));

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "docket-store-"));
    await open();
  });
  afterEach(async () => {
    await close();
    await rm(directory, { recursive: true });
  });

  it("lists its buckets with the date of their creation, which aws s3 ls needs", async () => {
    const { region, ...credentials } = keys;
    const client = new S3Client({
      region,
      credentials,
      endpoint: store.endpoint,
      forcePathStyle: true,
    });
    const { Buckets: listed = [] } = await client.send(new ListBucketsCommand({}));
    client.destroy();
    expect(listed.map(({ Name: name }) => name)).toEqual(["docket"]);
    const age = Date.now() - Number(listed[0]?.CreationDate);
    expect(age).toBeGreaterThanOrEqual(-1_000);
    expect(age).toBeLessThan(60_000);
  });

  it("keeps its objects across a restart", async () => {
    const big = randomBytes(12 * MIB);
    await put("small", Buffer.from("hello"));
    const metadata = { sha256: createHash("sha256").update(big).digest("hex") };
    await storage.upload({
      key: "big",
      body: Readable.from([big]),
      contentType: "text/csv",
      metadata,
    });
    await close();
    await open();
    expect(await storage.head("big")).toEqual({
      bytes: big.length,
      contentType: "text/csv",
      metadata,
    });
    expect((await read("big")).equals(big)).toBe(true);
    expect((await read("small")).toString()).toBe("hello");
  });

  it("stores any key separately, and inside its directory", async () => {
    const key = fc.oneof(
      // Excludes keys with dot segments or a leading slash, which clients would remove from the URL.
      fc.string({ unit: "grapheme-composite", minLength: 1, maxLength: 60 }),
      fc.constantFrom(
        "a".repeat(1024),
        "a/b//c",
        "a\\b",
        "CON",
        "x.json",
        "ü/ä",
        "%2e%2e/%2e%2e/x",
      ),
    );
    const isSentUnchanged = (text: string): boolean =>
      !text.split("/").some((part) => part === "." || part === "..") && !text.startsWith("/");
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key.filter(isSentUnchanged), { minLength: 1, maxLength: 4 }),
        async (names) => {
          for (const name of names) await put(name, Buffer.from(name));
          for (const name of names) expect((await read(name)).toString()).toBe(name);
          for (const name of names) await storage.delete(name);
        },
      ),
      { numRuns: 25 },
    );
    expect(await readdir(directory)).toEqual(["docket"]);
    expect(await files("data")).toEqual([]);
    expect(await files("objects")).toEqual([]);
  });

  it("deletes at the start what a crash left behind, and nothing else", async () => {
    await put("kept", Buffer.from("kept"));
    const upload = storage.upload({
      key: "u",
      body: new PassThrough().on("error", () => undefined),
      contentType: "a/b",
      signal: AbortSignal.timeout(20),
    });
    await expect(upload).rejects.toMatchObject({ kind: "aborted" });
    await close();
    await mkdir(join(directory, "docket", "data"), { recursive: true });
    await writeFile(join(directory, "docket", "data", "incomplete-body"), "ha");
    await writeFile(join(directory, "docket", "objects", "abc.json.1.tmp"), '{"key":"ha');
    await open();
    expect((await read("kept")).toString()).toBe("kept");
    expect(await files("data")).toHaveLength(1);
    expect(await files("objects")).toHaveLength(1);
  });

  it("keeps the old object when the client disconnects while replacing it", async () => {
    await put("k", Buffer.from("old"));
    const body = new PassThrough();
    body.on("error", () => undefined);
    const broken = storage.put({
      key: "k",
      body,
      contentLength: 10 * MIB,
      contentType: "text/plain",
    });
    body.write(Buffer.alloc(2 * MIB));
    body.destroy(new Error("gone"));
    await expect(broken).rejects.toThrow("gone");
    expect((await read("k")).toString()).toBe("old");
  });

  it("answers 500 while its directory is not writable, leaves nothing of failed requests, and recovers", async () => {
    await put("kept", Buffer.from("kept"));
    const data = join(directory, "docket", "data");
    await rename(data, `${data}-away`);
    const upload = (): Promise<unknown> =>
      storage.upload({ key: "u", body: Readable.from([randomBytes(9 * MIB)]), contentType: "a/b" });
    await expect(put("k", Buffer.from("lost"))).rejects.toMatchObject({
      code: "storage_unavailable",
    });
    await expect(upload()).rejects.toMatchObject({ code: "storage_unavailable" });
    await rename(`${data}-away`, data);
    for await (const { key } of storage.listUploads("")) throw new Error(`an upload to ${key}`);
    expect(await files("data")).toHaveLength(1);
    await upload();
    expect(await storage.head("u")).toMatchObject({ bytes: 9 * MIB });
    expect((await read("kept")).toString()).toBe("kept");
  });

  it("deletes the bytes of replaced and deleted objects", async () => {
    for (let version = 0; version < 3; version += 1)
      await put("k", Buffer.from(`version ${version}`));
    expect(await files("data")).toHaveLength(1);
    await storage.delete("k");
    expect(await files("data")).toEqual([]);
  });

  it("completes a download whose object is deleted in the meantime", async () => {
    const data = randomBytes(40 * MIB);
    await storage.upload({ key: "big", body: Readable.from([data]), contentType: "a/b" });
    const url = await link("big");
    const chunks: Buffer[] = [];
    await new Promise<void>((resolve, reject) => {
      httpRequest(url, (answer) => {
        void (async () => {
          for await (const chunk of answer as AsyncIterable<Buffer>) {
            if (chunks.length === 0) await storage.delete("big");
            chunks.push(chunk);
          }
        })().then(resolve, reject);
      }).end();
    });
    expect(Buffer.concat(chunks).equals(data)).toBe(true);
    expect(await storage.head("big")).toBeUndefined();
  });

  it("refuses a signature for another region", async () => {
    const elsewhere = createStorage({
      endpoint: store.endpoint,
      bucket: "docket",
      ...keys,
      region: "eu-west-3",
    });
    await expect(elsewhere.ping()).rejects.toMatchObject({ kind: "misconfigured" });
    await elsewhere.close();
  });
});
