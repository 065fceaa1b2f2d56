import { setImmediate as nextTurn } from "node:timers/promises";
import { createTurns } from "../../src/http/turns.ts";

const KIBIBYTE = 1_024;

/** Asks for a turn for each chunk. @returns the numbers of the chunks that each turn admitted, the first turn first. */
async function admittedPerTurn(chunks: readonly number[]): Promise<number[][]> {
  const turns = createTurns();
  let admitted: number[] = [];
  for (const [index, bytes] of chunks.entries())
    void turns.next(bytes).then(() => admitted.push(index));
  const perTurn: number[][] = [];
  while (perTurn.flat().length < chunks.length) {
    await nextTurn();
    perTurn.push(admitted);
    admitted = [];
  }
  return perTurn;
}

describe("a turn of the event loop", () => {
  it("handles at most 256 KiB and the rest of a chunk, first come, first served", async () => {
    expect(await admittedPerTurn(Array<number>(10).fill(64 * KIBIBYTE))).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
    expect(await admittedPerTurn([1, 512 * KIBIBYTE, 1, 1])).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it("is not the one in which a chunk arrived", async () => {
    const turns = createTurns();
    let isAdmitted = false;
    const admitted = turns.next(1).then(() => (isAdmitted = true));
    await Promise.resolve();
    expect(isAdmitted).toBe(false);
    await admitted;
  });
});
