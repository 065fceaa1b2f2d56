import { median } from "./table.ts";

/** Two measurements made one after the other under the same conditions. */
export type Pair<Subject, Reference> = {
  readonly subject: Subject;
  readonly reference: Reference;
};

export type Medians = Pair<number, number> & { readonly ratio: number };

type PairOptions<Subject, Reference> = {
  readonly pairs: number;
  readonly signal: AbortSignal;
  readonly subject: () => Promise<Subject>;
  readonly reference: () => Promise<Reference>;
  /** Called after each pair; `number` counts from 1. */
  readonly onPair: (pair: Pair<Subject, Reference>, number: number) => void;
};

/**
 * Measures the subject and its reference in pairs. The order alternates, so that neither benefits from a warmer machine.
 *
 * @throws the signal's reason, and any error of a measurement.
 */
export async function measureInPairs<Subject, Reference>(
  options: PairOptions<Subject, Reference>,
): Promise<readonly Pair<Subject, Reference>[]> {
  const pairs: Pair<Subject, Reference>[] = [];
  for (let number = 1; number <= options.pairs; number += 1) {
    options.signal.throwIfAborted();
    const pair = await (number % 2 === 1 ? subjectFirst(options) : referenceFirst(options));
    pairs.push(pair);
    options.onPair(pair, number);
  }
  return pairs;
}

/** The medians of the measurements, and that of the pairs' ratios. */
export const mediansOf = (pairs: readonly Pair<number, number>[]): Medians => ({
  subject: median(pairs.map(({ subject }) => subject)),
  reference: median(pairs.map(({ reference }) => reference)),
  ratio: median(pairs.map(({ subject, reference }) => subject / reference)),
});

type Measurements<S, R> = Pick<PairOptions<S, R>, "subject" | "reference">;

async function subjectFirst<S, R>(measure: Measurements<S, R>): Promise<Pair<S, R>> {
  const subject = await measure.subject();
  return { subject, reference: await measure.reference() };
}

async function referenceFirst<S, R>(measure: Measurements<S, R>): Promise<Pair<S, R>> {
  const reference = await measure.reference();
  return { subject: await measure.subject(), reference };
}
