import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { createBufferPool } from "../../../src/storage/multipart/buffer-pool.ts";
import { PartStream } from "../../../src/storage/multipart/part-stream.ts";
import type { Part } from "../../../src/storage/multipart/parts.ts";

const BUFFERS = 3;

/** Writes chunks as a stream without back-pressure of its own would: it stops only between two bursts. */
async function write(stream: PartStream, state: { full: boolean }, bursts: Buffer[][]) {
  for (const burst of bursts) {
    while (state.full) await nextTurn();
    for (const chunk of burst) {
      stream.reserve(chunk.length);
      stream.advance(stream.position + chunk.copy(stream.buffer, stream.position));
    }
    await nextTurn();
  }
  stream.end();
}

/** Reads as an upload does: a part is in use until `BUFFERS` further ones are requested. */
async function read(stream: PartStream, pauses: readonly number[]): Promise<readonly Part[]> {
  const parts: Part[] = [];
  const inUse: { readonly content: Buffer; readonly copy: Buffer }[] = [];
  for await (const part of stream) {
    const copy = Buffer.from(part.content);
    parts.push({ ...part, content: copy });
    inUse.push({ content: part.content, copy });
    for (let turn = pauses[part.number % pauses.length] ?? 0; turn > 0; turn -= 1) await nextTurn();
    for (const each of inUse) expect(each.content.equals(each.copy)).toBe(true);
    if (inUse.length === BUFFERS) inUse.shift();
  }
  return parts;
}

const open = (partBytes: number) => {
  const state = { full: false };
  const stream = new PartStream({
    partBytes,
    buffers: BUFFERS,
    onFull: () => (state.full = true),
    onDrain: () => (state.full = false),
  });
  return { stream, state };
};

describe("a part stream", () => {
  it.each([100_000, 5_000_000])("widens its buffers for chunks of %i bytes", async (length) => {
    const { stream, state } = open(1_000_000);
    const chunks = Array.from({ length: Math.ceil(3_500_000 / length) }, (_, n) =>
      Buffer.alloc(length, n + 1),
    );
    const bursts = chunks.map((chunk) => [chunk]);
    const [parts] = await Promise.all([read(stream, [0]), write(stream, state, bursts)]);
    expect(Buffer.concat(parts.map(({ content }) => content)).equals(Buffer.concat(chunks))).toBe(
      true,
    );
    expect(parts.slice(0, -1).every(({ content }) => content.length === 1_000_000)).toBe(true);
  });

  it("cuts any sequence of writes into parts of equal size that together hold every byte", async () => {
    const chunk = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
    const bursts = fc.array(fc.array(chunk, { maxLength: 20 }), { maxLength: 12 });
    const pauses = fc.array(fc.nat(4), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 64 }),
        bursts,
        pauses,
        async (size, all, waits) => {
          const { stream, state } = open(size);
          const [parts] = await Promise.all([read(stream, waits), write(stream, state, all)]);
          expect(Buffer.concat(parts.map(({ content }) => content))).toEqual(
            Buffer.concat(all.flat()),
          );
          expect(parts.slice(0, -1).every(({ content }) => content.length === size)).toBe(true);
          expect(parts.map(({ number }) => number)).toEqual(parts.map((_, index) => index + 1));
          expect(parts.map(({ isLast }) => isLast)).toEqual(
            parts.map((_, i) => i === parts.length - 1),
          );
        },
      ),
    );
  });

  it("yields one empty last part when nothing was written", async () => {
    const { stream } = open(8);
    stream.end();
    expect(await read(stream, [0])).toEqual([
      { number: 1, content: Buffer.alloc(0), isLast: true },
    ]);
  });

  it("does not end a file of whole parts with an empty one", async () => {
    const { stream, state } = open(8);
    const [parts] = await Promise.all([
      read(stream, [0]),
      write(stream, state, [[Buffer.alloc(16)]]),
    ]);
    expect(parts.map(({ content }) => content.length)).toEqual([8, 8]);
  });

  it("is full when no part was requested, and drains as parts are", async () => {
    const { stream, state } = open(8);
    const bursts = Array.from({ length: 20 }, () => [Buffer.alloc(8)]);
    const writing = write(stream, state, bursts);
    for (let turn = 0; turn < 50; turn += 1) await nextTurn();
    expect(state.full).toBe(true);
    expect(await read(stream, [0])).toHaveLength(20);
    await writing;
    expect(state.full).toBe(false);
  });

  it("keeps aside what is written while it is full in the same buffer each time", async () => {
    const state = { full: false };
    const spills = new Set<Buffer>();
    const stream = new PartStream({
      partBytes: 8,
      buffers: BUFFERS,
      onFull: () => {
        state.full = true;
        spills.add(stream.buffer);
      },
      onDrain: () => (state.full = false),
    });
    const bursts = Array.from({ length: 20 }, () => [Buffer.alloc(8)]);
    await Promise.all([read(stream, [4]), write(stream, state, bursts)]);
    expect(spills.size).toBe(1);
  });

  it("acquires its buffers from a pool, and releases them for the next file", async () => {
    const pool = createBufferPool(BUFFERS + 1);
    const buffers = new Set<ArrayBufferLike>();
    for (let file = 0; file < 5; file += 1) {
      const state = { full: false };
      const stream = new PartStream({
        partBytes: 8,
        buffers: BUFFERS,
        pool,
        onFull: () => (state.full = true),
        onDrain: () => (state.full = false),
      });
      const reading = (async () => {
        for await (const { content } of stream) {
          buffers.add(content.buffer);
          await nextTurn();
        }
      })();
      const bursts = Array.from({ length: 20 }, () => [Buffer.alloc(8)]);
      await Promise.all([reading, write(stream, state, bursts)]);
      stream.release();
    }
    expect(buffers.size).toBeLessThanOrEqual(BUFFERS + 1);
  });

  it("ends the iteration with the first failure", async () => {
    const { stream } = open(8);
    const reading = read(stream, [0]);
    stream.fail(new Error("first"));
    stream.fail(new Error("second"));
    await expect(reading).rejects.toThrow("first");
  });
});
