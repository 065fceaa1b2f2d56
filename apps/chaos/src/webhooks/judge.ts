/** A request that a receiver got. */
export type Arrival = {
  /** `webhook-id`. */
  readonly id: string;
  readonly seq: number;
  /** The answer was a success. */
  readonly isAccepted: boolean;
};

export type Judged = {
  readonly name: string;
  readonly arrivals: readonly Arrival[];
  readonly maxInFlight: number;
  /** Events with an attempt that did not reach the receiver, because it was down: what came later was not the first attempt. */
  readonly unreached: ReadonlySet<number>;
};

/** What was committed, by `seq`. */
export type Expected = ReadonlyMap<number, string>;

export type Verdict = {
  readonly name: string;
  readonly events: number;
  readonly requests: number;
  /** Events that arrived for the first time after `maxInFlight` or more later ones. */
  readonly late: number;
  readonly faults: readonly string[];
};

/**
 * Checks what a receiver got: each event, accepted at least once, with one `webhook-id` of its own, and first attempts in the order of
 * `seq`. An attempt that a kill breaks off before its request arrives is the only one that may come late: at most `maxInFlight` for
 * each kill.
 */
export function judge(
  { name, arrivals, maxInFlight, unreached }: Judged,
  expected: Expected,
  kills: number,
): Verdict {
  const accepted = new Set(arrivals.filter(({ isAccepted }) => isAccepted).map(({ seq }) => seq));
  const missing = [...expected.keys()].filter((seq) => !accepted.has(seq));
  const unknown = arrivals.filter(({ seq, id }) => expected.get(seq) !== id);
  const late = countLate(
    arrivals.filter(({ seq }) => !unreached.has(seq)),
    maxInFlight,
  );
  const allowed = kills * maxInFlight;
  return {
    name,
    events: accepted.size,
    requests: arrivals.length,
    late,
    faults: [
      ...(missing.length > 0
        ? [`${name}: ${missing.length} events were lost, the first with seq ${missing[0]}`]
        : []),
      ...(unknown.length > 0
        ? [`${name}: ${unknown.length} requests had another id than their event`]
        : []),
      ...(late > allowed
        ? [`${name}: ${late} first attempts came late; the kills explain at most ${allowed}`]
        : []),
    ],
  };
}

function countLate(arrivals: readonly Arrival[], maxInFlight: number): number {
  const seen = new Set<number>();
  /** The highest numbers so far, highest first: `maxInFlight` attempts that run together may arrive in any order. */
  let highest: readonly number[] = [];
  let late = 0;
  for (const { seq } of arrivals) {
    if (seen.has(seq)) continue;
    seen.add(seq);
    if (highest.length === maxInFlight && seq < highest.at(-1)!) late += 1;
    highest = [...highest, seq].toSorted((a, b) => b - a).slice(0, maxInFlight);
  }
  return late;
}
