import { randomBytes } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { createGzip } from "../../src/packing/gzip.ts";

async function packed(contents: readonly Buffer[]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const gzip = createGzip((bytes) => void chunks.push(bytes));
  for (const content of contents) await gzip.write(content);
  await gzip.end();
  gzip.destroy();
  return Buffer.concat(chunks);
}

const text = Buffer.from("a,b,c\n".repeat(200_000));
const noise = randomBytes(1_000_000);

describe("a gzip file", () => {
  it.each([
    ["nothing", []],
    ["an empty chunk", [Buffer.alloc(0)]],
    ["text in several chunks", [text, text.subarray(1), text]],
    ["bytes that cannot be compressed", [noise]],
  ])("decompresses to %s", async (_name, contents) => {
    expect(gunzipSync(await packed(contents)).equals(Buffer.concat(contents))).toBe(true);
  });

  it("names no time, no file and no operating system", async () => {
    const header = (await packed([text])).subarray(0, 10);
    expect(header.toString("hex")).toBe("1f8b08000000000004ff");
  });

  it("has the same bytes however the content is cut into chunks", async () => {
    const cut = [text.subarray(0, 7), text.subarray(7, 300_000), text.subarray(300_000)];
    expect((await packed(cut)).equals(await packed([text]))).toBe(true);
  });

  it("rejects a write after it was destroyed", async () => {
    const gzip = createGzip(() => undefined);
    gzip.destroy();
    await expect(gzip.write(text)).rejects.toThrow();
  });
});
