import { createRandom } from "../src/random.ts";

test("the same seed gives the same numbers, another one others", () => {
  const numbers = (seed: number): number[] => {
    const random = createRandom(seed);
    return Array.from({ length: 20 }, () => random.integer(0, 1_000_000));
  };
  expect(numbers(1)).toEqual(numbers(1));
  expect(numbers(1)).not.toEqual(numbers(2));
});

test("integers reach both ends and nothing beyond", () => {
  const random = createRandom(7);
  const seen = new Set(Array.from({ length: 1_000 }, () => random.integer(-1, 2)));
  expect(seen).toEqual(new Set([-1, 0, 1, 2]));
});

test("weights are kept to", () => {
  const random = createRandom(7);
  const drawn = Array.from({ length: 10_000 }, () => random.weighted({ often: 90, rarely: 10 }));
  const often = drawn.filter((name) => name === "often").length;
  expect(often).toBeGreaterThan(8_800);
  expect(often).toBeLessThan(9_200);
});
