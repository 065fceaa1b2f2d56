import { measureInPairs } from "../src/pairs.ts";

/** Two measurements that return their position in the order of all calls. */
function numberedMeasurements() {
  let count = 0;
  const measure = async (): Promise<number> => (count += 1);
  return { subject: measure, reference: measure, count: () => count };
}

describe("measureInPairs", () => {
  it("alternates the order from pair to pair", async () => {
    const reported: number[] = [];
    const pairs = await measureInPairs({
      ...numberedMeasurements(),
      pairs: 3,
      signal: new AbortController().signal,
      onPair: (_, number) => void reported.push(number),
    });
    expect(pairs).toEqual([
      { subject: 1, reference: 2 },
      { subject: 4, reference: 3 },
      { subject: 5, reference: 6 },
    ]);
    expect(reported).toEqual([1, 2, 3]);
  });

  it("measures nothing more after the signal", async () => {
    const stopping = new AbortController();
    const { count, ...measurements } = numberedMeasurements();
    const run = measureInPairs({
      ...measurements,
      pairs: 3,
      signal: stopping.signal,
      onPair: () => stopping.abort(new Error("interrupted")),
    });
    await expect(run).rejects.toThrow("interrupted");
    expect(count()).toBe(2);
  });
});
