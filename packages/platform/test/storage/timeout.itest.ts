import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { createStorage } from "../../src/storage/index.ts";

/** A store that accepts connections but never responds. */
describe("a store that hangs", () => {
  let server: Server;
  beforeAll(async () => {
    server = createServer((request) => void request.resume());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const storage = () =>
    createStorage({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: "us-east-1",
      bucket: "b",
      accessKeyId: "a",
      secretAccessKey: "s",
      timeoutMs: 200,
    });

  it("times out every kind of request", async () => {
    const { ping, upload, put, head } = storage();
    const input = { key: "k", contentType: "text/plain" };
    await Promise.all([
      expect(ping()).rejects.toMatchObject({ code: "storage_unavailable" }),
      expect(head("k")).rejects.toMatchObject({ code: "storage_unavailable" }),
      expect(upload({ ...input, body: Readable.from([Buffer.from("x")]) })).rejects.toMatchObject({
        code: "storage_unavailable",
      }),
      expect(
        put({ ...input, body: Readable.from([Buffer.from("x")]), contentLength: 1 }),
      ).rejects.toMatchObject({
        code: "storage_unavailable",
      }),
    ]);
  });

  it("does not delay an abort", async () => {
    const { upload } = storage();
    const body = Readable.from([Buffer.from("x")]);
    const options = { key: "k", contentType: "text/plain", body, signal: AbortSignal.timeout(50) };
    await expect(upload(options)).rejects.toMatchObject({ kind: "aborted" });
  });
});
