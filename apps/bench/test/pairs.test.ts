import { inPairs } from "../src/pairs.ts";

/** Two measurements that number themselves in the order in which they are made. */
function numbered() {
  let made = 0;
  const next = async (): Promise<number> => (made += 1);
  return { ours: next, theirs: next, made: () => made };
}

test("who is first alternates from pair to pair", async () => {
  const heard: number[] = [];
  const { signal } = new AbortController();
  const each = (_: unknown, number: number): void => void heard.push(number);
  const found = await inPairs({ ...numbered(), pairs: 3, signal, each });
  expect(found).toEqual([
    { ours: 1, theirs: 2 },
    { ours: 4, theirs: 3 },
    { ours: 5, theirs: 6 },
  ]);
  expect(heard).toEqual([1, 2, 3]);
});

test("nothing more is measured once the run is interrupted", async () => {
  const stopping = new AbortController();
  const { made, ...both } = numbered();
  const each = (): void => stopping.abort(new Error("interrupted"));
  const run = inPairs({ ...both, pairs: 3, signal: stopping.signal, each });
  await expect(run).rejects.toThrow("interrupted");
  expect(made()).toBe(2);
});
