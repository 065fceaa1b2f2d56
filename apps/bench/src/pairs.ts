/** Two things measured one right after the other, under the same conditions. */
export type Pair<Ours, Theirs> = { readonly ours: Ours; readonly theirs: Theirs };

type Measuring<Ours, Theirs> = {
  readonly pairs: number;
  readonly signal: AbortSignal;
  readonly ours: () => Promise<Ours>;
  readonly theirs: () => Promise<Theirs>;
  /** Hears of each pair, counted from 1. */
  readonly each: (pair: Pair<Ours, Theirs>, number: number) => void;
};

/**
 * Measures ours and theirs in pairs; who is first alternates, so that neither has the warmer machine.
 *
 * @throws the signal's reason, and whatever a measurement throws.
 */
export async function inPairs<Ours, Theirs>(
  measuring: Measuring<Ours, Theirs>,
): Promise<readonly Pair<Ours, Theirs>[]> {
  const found: Pair<Ours, Theirs>[] = [];
  for (let number = 1; number <= measuring.pairs; number += 1) {
    measuring.signal.throwIfAborted();
    const pair = await (number % 2 === 1 ? oursFirst(measuring) : theirsFirst(measuring));
    found.push(pair);
    measuring.each(pair, number);
  }
  return found;
}

async function oursFirst<Ours, Theirs>(measuring: Measuring<Ours, Theirs>) {
  const ours = await measuring.ours();
  return { ours, theirs: await measuring.theirs() };
}

async function theirsFirst<Ours, Theirs>(measuring: Measuring<Ours, Theirs>) {
  const theirs = await measuring.theirs();
  return { ours: await measuring.ours(), theirs };
}
