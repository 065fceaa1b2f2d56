import { createRandom } from "../src/random.ts";

describe("createRandom", () => {
  it("returns the same numbers for the same seed, and others for another seed", () => {
    const numbers = (seed: number): number[] => {
      const random = createRandom(seed);
      return Array.from({ length: 20 }, () => random.integer(0, 1_000_000));
    };
    expect(numbers(1)).toEqual(numbers(1));
    expect(numbers(1)).not.toEqual(numbers(2));
  });

  it("returns integers within both bounds, inclusive", () => {
    const random = createRandom(7);
    const seen = new Set(Array.from({ length: 1_000 }, () => random.integer(-1, 2)));
    expect(seen).toEqual(new Set([-1, 0, 1, 2]));
  });

  it("picks names in proportion to their weights", () => {
    const random = createRandom(7);
    const drawn = Array.from({ length: 10_000 }, () => random.weighted({ often: 90, rarely: 10 }));
    const often = drawn.filter((name) => name === "often").length;
    expect(often).toBeGreaterThan(8_800);
    expect(often).toBeLessThan(9_200);
  });
});
