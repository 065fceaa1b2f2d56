import { setImmediate as nextTurn } from "node:timers/promises";
import { createTurns } from "../../src/http/turns.ts";

const KIBIBYTE = 1_024;

type Chunk = { readonly tenantId: string; readonly bytes: number };

/** Asks for a turn for each chunk. @returns the numbers of the chunks that each turn admitted, the first turn first. */
async function admittedPerTurn(chunks: readonly Chunk[]): Promise<number[][]> {
  const turns = createTurns();
  let admitted: number[] = [];
  for (const [index, { tenantId, bytes }] of chunks.entries())
    void turns.next(tenantId, bytes).then(() => admitted.push(index));
  const perTurn: number[][] = [];
  while (perTurn.flat().length < chunks.length) {
    await nextTurn();
    perTurn.push(admitted);
    admitted = [];
  }
  return perTurn;
}

const chunksOf = (tenantId: string, ...sizes: readonly number[]): Chunk[] =>
  sizes.map((kibibytes) => ({ tenantId, bytes: kibibytes * KIBIBYTE }));

describe("a turn of the event loop", () => {
  it("handles at most 256 KiB and the rest of a chunk, first come, first served", async () => {
    expect(await admittedPerTurn(chunksOf("a", ...Array<number>(10).fill(64)))).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
    expect(await admittedPerTurn(chunksOf("a", 1, 512, 1, 1))).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it("is shared by the tenants, however many chunks of each wait", async () => {
    const crowd = chunksOf("a", 64, 64, 64, 64, 64, 64);
    expect(await admittedPerTurn([...crowd, ...chunksOf("b", 64, 64)])).toEqual([
      [0, 6, 1, 7],
      [2, 3, 4, 5],
    ]);
  });

  it("is not the one in which a chunk arrived", async () => {
    const turns = createTurns();
    let isAdmitted = false;
    const admitted = turns.next("a", 1).then(() => (isAdmitted = true));
    await Promise.resolve();
    expect(isAdmitted).toBe(false);
    await admitted;
  });
});
