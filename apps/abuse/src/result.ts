import { CALLS, type Sample } from "./victim.ts";

/** What the victim and the API's process went through during one attack. */
export type Result = {
  readonly attack: string;
  readonly samples: readonly Sample[];
  /** Undefined when the process has ended, and on systems without /proc. */
  readonly peakRssMb: number | undefined;
  /** What the API answered to the attacker: how often each status. */
  readonly answers: Readonly<Record<string, number>>;
  /** Further faults, one sentence each. */
  readonly faults: readonly string[];
};

const MAX_RSS_MB = 400;

/** Judges an attack. @returns one sentence per fault; none when the victim noticed nothing. */
export function findFaults({ samples, peakRssMb, faults }: Result, limitMs: number): string[] {
  const errors = samples.flatMap(({ error }) => error ?? []);
  const slow = samples.filter(({ call, ms }) => call !== "webhook" && ms > limitMs);
  const webhooks = samples.filter(({ call }) => call === "webhook");
  const [worst] = slow.toSorted((a, b) => b.ms - a.ms);
  return [
    ...faults,
    ...(samples.length === 0 ? ["the victim made no call"] : []),
    ...(errors.length > 0 ? [`${errors.length} calls failed, the first with: ${errors[0]}`] : []),
    ...(worst === undefined
      ? []
      : [
          `${slow.length} calls took over ${limitMs} ms, at most ${toText(worst.ms)} (${worst.call})`,
        ]),
    ...(webhooks.length > 0 && medianOf(webhooks) > limitMs
      ? [`half of the webhooks took over ${limitMs} ms (${toText(medianOf(webhooks))})`]
      : []),
    ...(peakRssMb !== undefined && peakRssMb > MAX_RSS_MB
      ? [`the API used ${toText(peakRssMb)} MB, over ${MAX_RSS_MB}`]
      : []),
  ];
}

/** The heading of {@link toRow}. The calls have their median and their longest time. */
export const HEADER = [
  "attack",
  ...CALLS.map((call) => `${call} ms`),
  "errors",
  "RSS MB",
  "result",
  "answers to the attacker",
];

export const toRow = (result: Result, limitMs: number): string[] => [
  result.attack,
  ...CALLS.map((call) => timesOf(result.samples.filter((sample) => sample.call === call))),
  String(result.samples.filter(({ error }) => error !== undefined).length),
  result.peakRssMb === undefined ? "n/a" : toText(result.peakRssMb),
  findFaults(result, limitMs).length === 0 ? "ok" : "FAILED",
  Object.entries(result.answers)
    .map(([status, count]) => `${status}: ${count}`)
    .join(", "),
];

function timesOf(samples: readonly Sample[]): string {
  if (samples.length === 0) return "-";
  return `${toText(medianOf(samples))}/${toText(Math.max(...samples.map(({ ms }) => ms)))}`;
}

function medianOf(samples: readonly Sample[]): number {
  const times = samples.map(({ ms }) => ms).toSorted((a, b) => a - b);
  return times[Math.floor(times.length / 2)]!;
}

const toText = (value: number): string => value.toFixed(0);
