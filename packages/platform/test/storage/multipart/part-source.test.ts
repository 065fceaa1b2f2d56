import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { PartSource } from "../../../src/storage/multipart/part-source.ts";
import type { Part } from "../../../src/storage/multipart/parts.ts";

const BUFFERS = 3;

/** Writes chunks as a source without back-pressure of its own would: it stops only between two bursts. */
async function write(source: PartSource, state: { full: boolean }, bursts: Buffer[][]) {
  for (const burst of bursts) {
    while (state.full) await nextTurn();
    for (const chunk of burst) {
      source.reserve(chunk.length);
      source.advance(source.position + chunk.copy(source.buffer, source.position));
    }
    await nextTurn();
  }
  source.end();
}

/** Reads as an upload does: a part is in use until `BUFFERS` further ones are requested. */
async function read(source: PartSource, pauses: readonly number[]): Promise<readonly Part[]> {
  const parts: Part[] = [];
  const inUse: { readonly content: Buffer; readonly copy: Buffer }[] = [];
  for await (const part of source) {
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
  const source = new PartSource({
    partBytes,
    buffers: BUFFERS,
    onFull: () => (state.full = true),
    onDrain: () => (state.full = false),
  });
  return { source, state };
};

describe("a part source", () => {
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
          const { source, state } = open(size);
          const [parts] = await Promise.all([read(source, waits), write(source, state, all)]);
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
    const { source } = open(8);
    source.end();
    expect(await read(source, [0])).toEqual([
      { number: 1, content: Buffer.alloc(0), isLast: true },
    ]);
  });

  it("does not end a file of whole parts with an empty one", async () => {
    const { source, state } = open(8);
    const [parts] = await Promise.all([
      read(source, [0]),
      write(source, state, [[Buffer.alloc(16)]]),
    ]);
    expect(parts.map(({ content }) => content.length)).toEqual([8, 8]);
  });

  it("is full when no part was requested, and drains as parts are", async () => {
    const { source, state } = open(8);
    const bursts = Array.from({ length: 20 }, () => [Buffer.alloc(8)]);
    const writing = write(source, state, bursts);
    for (let turn = 0; turn < 50; turn += 1) await nextTurn();
    expect(state.full).toBe(true);
    expect(await read(source, [0])).toHaveLength(20);
    await writing;
    expect(state.full).toBe(false);
  });

  it("ends the iteration with the first failure", async () => {
    const { source } = open(8);
    const reading = read(source, [0]);
    source.fail(new Error("first"));
    source.fail(new Error("second"));
    await expect(reading).rejects.toThrow("first");
  });
});
