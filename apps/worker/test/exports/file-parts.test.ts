import { createHash, randomBytes } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { createBufferPool } from "@docket/platform/storage";
import { packingOf } from "@docket/reports";
import { createFileParts, type FileParts } from "../../src/exports/file-parts.ts";
import { sha256Of } from "../support/stage.ts";

const PART_BYTES = 300_000;

/** Compressed parts, and whether the renderer must stop. */
function compressedParts() {
  const flow = { isFull: false };
  const file = createFileParts(
    {
      partBytes: PART_BYTES,
      pool: createBufferPool(0),
      onFull: () => (flow.isFull = true),
      onDrain: () => (flow.isFull = false),
    },
    packingOf({ format: "CSV", compression: "GZIP" }),
  );
  return { file, flow };
}

function write({ sink }: FileParts, bytes: Buffer): void {
  sink.reserve(bytes.length);
  sink.advance(sink.position + bytes.copy(sink.buffer, sink.position));
}

describe("a compressed file", () => {
  it("is stored in parts of the same size, at the speed of the store", async () => {
    const { file, flow } = compressedParts();
    const content = createHash("sha256");
    const stored: Buffer[] = [];
    const storing = (async () => {
      for await (const part of file.parts) {
        if (!part.isLast) expect(part.content).toHaveLength(PART_BYTES);
        stored.push(Buffer.from(part.content));
      }
    })();
    for (let row = 0; row < 300; row += 1) {
      while (flow.isFull) await turn();
      // Random bytes do not shrink, so the parts fill up.
      const bytes = randomBytes(20_000);
      content.update(bytes);
      write(file, bytes);
    }
    file.end();
    await Promise.all([storing, file.done]);
    const whole = Buffer.concat(stored);
    expect(stored.length).toBeGreaterThan(15);
    expect(file.parts.written).toBe(whole.length);
    expect(file.sha256()).toBe(sha256Of(whole));
    const digest = content.digest("hex");
    expect([file.contentSha256(), sha256Of(gunzipSync(whole))]).toEqual([digest, digest]);
  });

  it("stops the renderer when the store takes nothing, and ends when the export fails", async () => {
    const { file, flow } = compressedParts();
    let rendered = 0;
    while (!flow.isFull) {
      write(file, randomBytes(20_000));
      rendered += 20_000;
      await turn();
      expect(rendered).toBeLessThan(20_000_000);
    }
    const failure = new Error("the store is gone");
    file.fail(failure);
    await expect(file.done).rejects.toBe(failure);
    await expect(file.parts[Symbol.asyncIterator]().next()).rejects.toBe(failure);
  });

  it("ends when the export fails while bytes are being compressed that fill the parts", async () => {
    const { file, flow } = compressedParts();
    // More than the buffers of the parts hold, and nothing takes them.
    while (!flow.isFull) write(file, randomBytes(20_000));
    const failure = new Error("the store is gone");
    file.fail(failure);
    await expect(file.done).rejects.toBe(failure);
  });
});
