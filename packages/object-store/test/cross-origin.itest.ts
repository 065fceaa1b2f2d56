import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";

import { createStorage, type Storage } from "@docket/platform/storage";

import { startObjectStore, type ObjectStore } from "../src/index.ts";

const keys = { region: "us-east-1", accessKeyId: "EMBEDDED", secretAccessKey: "embedded-secret" };
const PAGE = "http://127.0.0.1:3000";

describe("pages of another origin", () => {
  let directory: string;
  let store: ObjectStore;
  let storage: Storage;
  let link: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "docket-store-"));
    store = await startObjectStore({ directory, ...keys });
    storage = createStorage({ endpoint: store.endpoint, bucket: "docket", ...keys });
    await storage.ensureBucket();
    const [key, contentType] = ["a", "text/plain"];
    await storage.put({ key, body: Readable.from(["bytes"]), contentLength: 5, contentType });
    link = await storage.presignDownload({ key, fileName: "f", contentType, expiresInSeconds: 60 });
  });

  afterAll(async () => {
    await storage.close();
    await store.close();
    await rm(directory, { recursive: true });
  });

  const get = (origin: string, url: string = link): Promise<Response> =>
    fetch(url, { headers: { origin } });

  const preflight = (origin: string, method: string): Promise<Response> =>
    fetch(link, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": method },
    });

  it.each([PAGE, "http://localhost:5173", "http://[::1]:80", "http://127.0.0.1"])(
    "may read a file at %s",
    async (origin) => {
      const response = await get(origin);
      expect(await response.text()).toBe("bytes");
      expect(response.headers.get("access-control-allow-origin")).toBe(origin);
      expect(response.headers.get("access-control-expose-headers")).toContain("Content-Range");
      expect(response.headers.get("vary")).toBe("Origin");
      const { status, headers } = await preflight(origin, "GET");
      expect(status).toBe(204);
      expect(headers.get("access-control-allow-origin")).toBe(origin);
      expect(headers.get("access-control-allow-methods")).toBe("GET, HEAD");
      expect(headers.get("access-control-allow-headers")).toContain("Range");
    },
  );

  it("may read the refusal of a link that is not valid, but no file without a link", async () => {
    const response = await get(PAGE, link.replace(/.$/, "x"));
    expect(response.status).toBe(403);
    expect(response.headers.get("access-control-allow-origin")).toBe(PAGE);
    expect((await get(PAGE, `${store.endpoint}/docket/a`)).status).toBe(403);
  });

  it.each([
    "https://evil.example",
    "http://127.0.0.1.evil.example",
    "http://localhost.evil",
    "null",
  ])("may not read anything at %s", async (origin) => {
    expect((await get(origin)).headers.get("access-control-allow-origin")).toBeNull();
    const { status, headers } = await preflight(origin, "GET");
    expect(status).toBe(403);
    expect(headers.get("access-control-allow-origin")).toBeNull();
  });

  it.each(["PUT", "DELETE", "POST"])("may not %s", async (method) => {
    expect((await preflight(PAGE, method)).status).toBe(403);
  });
});
