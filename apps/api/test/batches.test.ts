import { createBatches } from "../src/batches.ts";

/** Batches that end when the test says so. The result of an item is the item in upper case. */
function createWork() {
  const runs: {
    readonly items: readonly string[];
    readonly succeed: () => void;
    readonly fail: () => void;
  }[] = [];
  const work = (items: readonly string[]): Promise<readonly string[]> =>
    new Promise((resolve, reject) => {
      const succeed = (): void => resolve(items.map((item) => item.toUpperCase()));
      runs.push({ items, succeed, fail: () => reject(new Error(items.join())) });
    });
  /** The items of the batches that have begun, once everything that can happen has happened. */
  const begun = async (): Promise<readonly (readonly string[])[]> => {
    await new Promise(setImmediate);
    return runs.map(({ items }) => items);
  };
  return { runs, work, begun };
}

describe("batches", () => {
  it("run a single item at once, and then together those that arrived meanwhile", async () => {
    const { runs, work, begun } = createWork();
    const add = createBatches(work, 10);
    const results = [add("k", "a"), add("k", "b"), add("k", "c")];
    expect(await begun()).toEqual([["a"]]);
    runs[0]!.succeed();
    expect(await begun()).toEqual([["a"], ["b", "c"]]);
    const last = add("k", "d");
    runs[1]!.succeed();
    expect(await begun()).toEqual([["a"], ["b", "c"], ["d"]]);
    runs[2]!.succeed();
    expect(await Promise.all([...results, last])).toEqual(["A", "B", "C", "D"]);
  });

  it("have at most as many items as allowed", async () => {
    const { runs, work, begun } = createWork();
    const add = createBatches(work, 2);
    const results = ["a", "b", "c", "d", "e"].map((item) => add("k", item));
    for (const index of [0, 1, 2]) {
      await begun();
      runs[index]!.succeed();
    }
    expect(await begun()).toEqual([["a"], ["b", "c"], ["d", "e"]]);
    expect(await Promise.all(results)).toEqual(["A", "B", "C", "D", "E"]);
  });

  it("of different keys run at the same time", async () => {
    const { runs, work, begun } = createWork();
    const add = createBatches(work, 10);
    const results = [add("k", "a"), add("l", "b")];
    expect(await begun()).toEqual([["a"], ["b"]]);
    for (const { succeed } of runs) succeed();
    expect(await Promise.all(results)).toEqual(["A", "B"]);
  });

  it("pass a failure to their callers and to those that wait, and go on with the next item", async () => {
    const { runs, work, begun } = createWork();
    const add = createBatches(work, 10);
    const failed = Promise.allSettled([add("k", "a"), add("k", "b")]);
    await begun();
    runs[0]!.fail();
    expect((await failed).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    const next = add("k", "c");
    expect(await begun()).toEqual([["a"], ["c"]]);
    runs[1]!.succeed();
    expect(await next).toBe("C");
  });
});
