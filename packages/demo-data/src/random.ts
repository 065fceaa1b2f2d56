/** Numbers that look random and are the same on every machine: integers only, no transcendental functions. */
export type Random = {
  /** From `least` to `most`, both included. */
  readonly integer: (least: number, most: number) => number;
  readonly chance: (percent: number) => boolean;
  /** One of the values, of which there must be one. */
  readonly pick: <T>(values: readonly T[]) => T;
  /** One of the names, as often as its weight says. */
  readonly weighted: <K extends string>(weights: Readonly<Record<K, number>>) => K;
};

/** mulberry32: 32 bits of state, good enough for what people look at. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const integer = (least: number, most: number): number =>
    least + Math.floor(next() * (most - least + 1));

  return {
    integer,
    chance: (percent) => next() * 100 < percent,
    pick: <T>(values: readonly T[]): T => values[integer(0, values.length - 1)] as T,
    weighted: <K extends string>(weights: Readonly<Record<K, number>>): K => {
      const names = Object.keys(weights) as K[];
      const total = names.reduce((sum, name) => sum + weights[name], 0);
      let left = next() * total;
      for (const name of names) {
        left -= weights[name];
        if (left < 0) return name;
      }
      return names.at(-1) as K;
    },
  };
}
