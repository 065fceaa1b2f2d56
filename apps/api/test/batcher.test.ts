import { withTenant } from "@docket/platform/database";
import { createBatcher } from "../src/batcher.ts";

const LIMITS = {
  maxItems: 10,
  maxWaiting: 10,
  maxWaitMs: 60_000,
  refusal: () => new Error("refused"),
};

/** A batcher whose batches end when the test says so. The result of an item is the item in upper case. */
function createStage(limits: Partial<typeof LIMITS> = {}) {
  const batches: {
    readonly items: readonly string[];
    readonly succeed: () => void;
    readonly fail: () => void;
  }[] = [];
  const work = (items: readonly string[]): Promise<readonly string[]> =>
    new Promise((resolve, reject) => {
      const succeed = (): void => resolve(items.map((item) => item.toUpperCase()));
      batches.push({ items, succeed, fail: () => reject(new Error(items.join())) });
    });
  const runBatched = createBatcher(work, { ...LIMITS, ...limits });
  return {
    run: (tenant: string, item: string): Promise<string> => {
      const result = withTenant(tenant, () => runBatched(item));
      // A test may look at a failure later.
      result.catch(() => undefined);
      return result;
    },
    batches,
    /** The items of the batches that have begun, once everything that can happen has happened. */
    begun: async (): Promise<readonly (readonly string[])[]> => {
      await new Promise(setImmediate);
      return batches.map(({ items }) => items);
    },
  };
}

const outcomes = async (calls: readonly Promise<string>[]): Promise<readonly string[]> =>
  (await Promise.allSettled(calls)).map((call) =>
    call.status === "fulfilled" ? call.value : String(call.reason),
  );

describe("a batcher", () => {
  it("runs a single item at once, and then together those that arrived meanwhile", async () => {
    const { run, batches, begun } = createStage();
    const calls = ["a", "b", "c"].map((item) => run("k", item));
    expect(await begun()).toEqual([["a"]]);
    batches[0]!.succeed();
    expect(await begun()).toEqual([["a"], ["b", "c"]]);
    calls.push(run("k", "d"));
    batches[1]!.succeed();
    expect(await begun()).toEqual([["a"], ["b", "c"], ["d"]]);
    batches[2]!.succeed();
    expect(await outcomes(calls)).toEqual(["A", "B", "C", "D"]);
  });

  it("puts at most as many items into a batch as allowed", async () => {
    const { run, batches, begun } = createStage({ maxItems: 2 });
    const calls = ["a", "b", "c", "d"].map((item) => run("k", item));
    for (const number of [0, 1, 2]) {
      await begun();
      batches[number]!.succeed();
    }
    expect(await begun()).toEqual([["a"], ["b", "c"], ["d"]]);
    expect(await outcomes(calls)).toEqual(["A", "B", "C", "D"]);
  });

  it("runs batches of different tenants at the same time", async () => {
    const { run, batches, begun } = createStage();
    const calls = [run("k", "a"), run("l", "b")];
    expect(await begun()).toEqual([["a"], ["b"]]);
    for (const { succeed } of batches) succeed();
    expect(await outcomes(calls)).toEqual(["A", "B"]);
  });

  it("passes a failure to the items of that batch only", async () => {
    const { run, batches, begun } = createStage();
    const calls = ["a", "b", "c"].map((item) => run("k", item));
    await begun();
    batches[0]!.succeed();
    await begun();
    calls.push(run("k", "d"));
    batches[1]!.fail();
    expect(await begun()).toEqual([["a"], ["b", "c"], ["d"]]);
    batches[2]!.succeed();
    expect(await outcomes(calls)).toEqual(["A", "Error: b,c", "Error: b,c", "D"]);
  });

  it("refuses an item when too many wait, and never runs it", async () => {
    const { run, batches, begun } = createStage({ maxWaiting: 1 });
    const calls = ["a", "b", "c"].map((item) => run("k", item));
    await begun();
    batches[0]!.succeed();
    expect(await begun()).toEqual([["a"], ["b"]]);
    batches[1]!.succeed();
    expect(await outcomes(calls)).toEqual(["A", "B", "Error: refused"]);
  });

  it("refuses an item that has waited too long, and never runs it", async () => {
    const { run, batches, begun } = createStage({ maxWaitMs: 1 });
    const calls = [run("k", "a"), run("k", "b")];
    expect(await outcomes(calls.slice(1))).toEqual(["Error: refused"]);
    batches[0]!.succeed();
    expect(await outcomes(calls.slice(0, 1))).toEqual(["A"]);
    calls.push(run("k", "c"));
    expect(await begun()).toEqual([["a"], ["c"]]);
    batches[1]!.succeed();
    expect(await calls[2]).toBe("C");
  });
});
