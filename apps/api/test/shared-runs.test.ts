import { createSharedRuns } from "../src/shared-runs.ts";

/** Runs that end when the test says so; the result of a run is its number. */
function createRuns() {
  const runs: { readonly succeed: () => void; readonly fail: () => void }[] = [];
  const work = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const number = runs.length + 1;
      runs.push({ succeed: () => resolve(number), fail: () => reject(new Error(`run ${number}`)) });
    });
  const started = async (count: number): Promise<void> => {
    await new Promise(setImmediate);
    expect(runs).toHaveLength(count);
  };
  return { runs, work, started };
}

describe("shared runs", () => {
  it("give calls during a run the result of one later run", async () => {
    const { runs, work, started } = createRuns();
    const share = createSharedRuns<number>();
    const first = share("a", work);
    await started(1);
    const later = [share("a", work), share("a", work), share("a", work)];
    await started(1);
    runs[0]!.succeed();
    expect(await first).toBe(1);
    await started(2);
    const last = share("a", work);
    runs[1]!.succeed();
    expect(await Promise.all(later)).toEqual([2, 2, 2]);
    await started(3);
    runs[2]!.succeed();
    expect(await last).toBe(3);
  });

  it("pass a failure to the calls of that run only", async () => {
    const { runs, work, started } = createRuns();
    const share = createSharedRuns<number>();
    const first = share("a", work);
    await started(1);
    const second = share("a", work);
    runs[0]!.fail();
    await expect(first).rejects.toThrow("run 1");
    await started(2);
    runs[1]!.succeed();
    expect(await second).toBe(2);
  });

  it("do not wait for another key", async () => {
    const { runs, work, started } = createRuns();
    const share = createSharedRuns<number>();
    const results = [share("a", work), share("b", work)];
    await started(2);
    for (const run of runs) run.succeed();
    expect(await Promise.all(results)).toEqual([1, 2]);
  });
});
