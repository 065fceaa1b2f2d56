/** Pseudo-random numbers that are the same on every machine: integer arithmetic only, no transcendental functions. */
export type Random = {
  /** From `min` to `max`, both inclusive. */
  readonly integer: (min: number, max: number) => number;
  readonly chance: (percent: number) => boolean;
  /** One of the values, which must not be empty. */
  readonly pick: <T>(values: readonly T[]) => T;
  /** One of the names, with probabilities in proportion to the weights. */
  readonly weighted: <K extends string>(weights: Readonly<Record<K, number>>) => K;
};

/** mulberry32: 32 bits of state, sufficient for sample data. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const integer = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));

  return {
    integer,
    chance: (percent) => next() * 100 < percent,
    pick: <T>(values: readonly T[]): T => values[integer(0, values.length - 1)] as T,
    weighted: <K extends string>(weights: Readonly<Record<K, number>>): K => {
      const names = Object.keys(weights) as K[];
      const total = names.reduce((sum, name) => sum + weights[name], 0);
      let remaining = next() * total;
      for (const name of names) {
        remaining -= weights[name];
        if (remaining < 0) return name;
      }
      return names.at(-1) as K;
    },
  };
}
