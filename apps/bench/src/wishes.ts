import { parseArgs } from "node:util";

import { UsageError } from "@docket/terminal";

/** What a benchmark was asked for. */
export type Wishes = {
  readonly bench: BenchName;
  /** How often it is measured beside its reference. */
  readonly pairs: number;
  readonly rows: number;
  /** How long each run of requests lasts. */
  readonly seconds: number;
  /** A bigger size too, for the memory. */
  readonly big: boolean;
};

/** The options that each benchmark takes, and what they are when they are not given. */
const OPTIONS = {
  exports: { pairs: "5", rows: "1000000", big: false },
  api: { pairs: "5", seconds: "4" },
  upload: { pairs: "5" },
  ingest: { pairs: "3", rows: "1000000", big: false },
} as const;

export type BenchName = keyof typeof OPTIONS;

/** A benchmark ends by itself, whatever it was asked for. */
const MOST = { pairs: 100, rows: 10_000_000, seconds: 60 } as const;

const USAGE = `npm run bench [-- ${Object.keys(OPTIONS).join("|")}] [--pairs N] [--rows N] [--seconds N] [--big]`;

/**
 * Reads the command line: `[exports|api|upload|ingest] [--pairs N] …`.
 *
 * @throws UsageError
 */
export function readWishes(args: readonly string[]): Wishes {
  const { values, positionals } = parsed(args);
  const [bench = "exports", ...rest] = positionals;
  if (!isBench(bench) || rest.length > 0)
    throw refusal(`There is no benchmark ${positionals.join(" ")}`);
  const defaults: Readonly<Record<string, string | boolean>> = OPTIONS[bench];
  const foreign = Object.keys(values).find((name) => !(name in defaults));
  if (foreign !== undefined) throw refusal(`The benchmark ${bench} takes no --${foreign}`);
  const number = (name: keyof typeof MOST): number => {
    const value = Number(values[name] ?? defaults[name] ?? 1);
    if (Number.isInteger(value) && value >= 1 && value <= MOST[name]) return value;
    throw refusal(`--${name} must be a whole number from 1 to ${MOST[name]}`);
  };
  return {
    bench,
    pairs: number("pairs"),
    rows: number("rows"),
    seconds: number("seconds"),
    big: values.big === true,
  };
}

const isBench = (name: string): name is BenchName => Object.hasOwn(OPTIONS, name);

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        pairs: { type: "string" },
        rows: { type: "string" },
        seconds: { type: "string" },
        big: { type: "boolean" },
      },
    });
  } catch (error) {
    const [reason] = (error as Error).message.split(/\.?\s+To specify|\n/);
    throw refusal(reason ?? "unknown wish");
  }
}

const refusal = (reason: string): UsageError => new UsageError(`${reason}. Usage: ${USAGE}`);
