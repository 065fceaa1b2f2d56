import { setImmediate as nextIteration } from "node:timers/promises";
import { createTurns } from "../../src/http/turns.ts";

const KIBIBYTE = 1_024;

type Chunk = { readonly tenantId: string; readonly bytes: number };

/** Asks for a turn for each chunk. @returns the indexes of the chunks that each iteration admitted, in order. */
async function admittedPerIteration(chunks: readonly Chunk[]): Promise<number[][]> {
  const turns = createTurns();
  let admitted: number[] = [];
  for (const [index, { tenantId, bytes }] of chunks.entries())
    void turns.next(tenantId, bytes).then(() => admitted.push(index));
  const perIteration: number[][] = [];
  while (perIteration.flat().length < chunks.length) {
    await nextIteration();
    perIteration.push(admitted);
    admitted = [];
  }
  return perIteration;
}

const chunksOf = (tenantId: string, ...sizes: readonly number[]): Chunk[] =>
  sizes.map((kibibytes) => ({ tenantId, bytes: kibibytes * KIBIBYTE }));

describe("an iteration of the event loop", () => {
  it("handles at most 256 KiB and the rest of a chunk, first come, first served", async () => {
    expect(await admittedPerIteration(chunksOf("a", ...Array<number>(10).fill(64)))).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
    expect(await admittedPerIteration(chunksOf("a", 1, 512, 1, 1))).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it("is shared by the tenants, however many chunks of each wait", async () => {
    const crowd = chunksOf("a", 64, 64, 64, 64, 64, 64);
    expect(await admittedPerIteration([...crowd, ...chunksOf("b", 64, 64)])).toEqual([
      [0, 6, 1, 7],
      [2, 3, 4, 5],
    ]);
  });

  it("does not handle a chunk that arrives in it", async () => {
    const turns = createTurns();
    let isAdmitted = false;
    const admitted = turns.next("a", 1).then(() => (isAdmitted = true));
    await Promise.resolve();
    expect(isAdmitted).toBe(false);
    await admitted;
  });
});
