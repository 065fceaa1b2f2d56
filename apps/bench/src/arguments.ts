import { parseArgs } from "node:util";

import { UsageError } from "@docket/terminal";

import { KINDS, nameOf } from "./exports/kind.ts";

export type BenchmarkArguments = {
  readonly benchmark: BenchmarkName;
  /** How often the subject is measured beside its reference. */
  readonly pairs: number;
  readonly rows: number;
  /** Duration of one run of HTTP requests. */
  readonly seconds: number;
  /** Also measures memory at a larger size. */
  readonly big: boolean;
  /** Prints the figures as one JSON object on the last line. */
  readonly json: boolean;
  /** The file for an SVG chart of the ratios. */
  readonly chart?: string | undefined;
  /** Measures exports of these names only; empty: all. */
  readonly only: readonly string[];
};

/** The options that each benchmark accepts, with their defaults. */
const OPTIONS = {
  exports: { pairs: "5", rows: "1000000", big: false, chart: "", only: "", json: false },
  api: { pairs: "5", seconds: "4", json: false },
  upload: { pairs: "5", json: false },
  ingest: { pairs: "3", rows: "1000000", big: false, json: false },
  summary: { rows: "3000000", seconds: "10" },
  events: { rows: "60000", seconds: "10" },
  small: {},
} as const;

export type BenchmarkName = keyof typeof OPTIONS;

const MAXIMUMS = { pairs: 100, rows: 10_000_000, seconds: 60 } as const;

const USAGE = `npm run bench [-- ${Object.keys(OPTIONS).join("|")}] [--pairs N] [--rows N] [--seconds N] [--big] [--chart FILE] [--only "REPORT FORMAT"]… [--json]`;

/**
 * Parses the arguments that the usage message lists.
 *
 * @throws UsageError
 */
export function parseArguments(args: readonly string[]): BenchmarkArguments {
  const { values, positionals } = split(args);
  const [benchmark = "exports", ...rest] = positionals;
  if (!isBenchmark(benchmark) || rest.length > 0) {
    throw usageError(`Unknown benchmark "${positionals.join(" ")}"`);
  }
  const defaults: Readonly<Record<string, string | boolean>> = OPTIONS[benchmark];
  const unsupported = Object.keys(values).find((name) => !(name in defaults));
  if (unsupported !== undefined) {
    throw usageError(`The benchmark ${benchmark} does not support --${unsupported}`);
  }
  const integer = (name: keyof typeof MAXIMUMS): number => {
    const value = Number(values[name] ?? defaults[name] ?? 1);
    if (Number.isInteger(value) && value >= 1 && value <= MAXIMUMS[name]) return value;
    throw usageError(`--${name} must be a whole number from 1 to ${MAXIMUMS[name]}`);
  };
  const unknown = values.only?.find((name) => !EXPORT_NAMES.includes(name));
  if (unknown !== undefined) {
    throw usageError(`--only "${unknown}" must be one of ${EXPORT_NAMES.join(", ")}`);
  }
  if (values.chart === "") throw usageError("--chart must name a file");
  return {
    benchmark,
    pairs: integer("pairs"),
    rows: integer("rows"),
    seconds: integer("seconds"),
    big: values.big === true,
    json: values.json === true,
    chart: values.chart,
    only: values.only ?? [],
  };
}

const EXPORT_NAMES = KINDS.map(nameOf);

const isBenchmark = (name: string): name is BenchmarkName => Object.hasOwn(OPTIONS, name);

function split(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        pairs: { type: "string" },
        rows: { type: "string" },
        seconds: { type: "string" },
        big: { type: "boolean" },
        chart: { type: "string" },
        only: { type: "string", multiple: true },
        json: { type: "boolean" },
      },
    });
  } catch (error) {
    // Node appends advice about positional arguments that does not apply here.
    const [reason] = (error as Error).message.split(/\.?\s+To specify|\n/);
    throw usageError(reason ?? "Unknown option");
  }
}

const usageError = (reason: string): UsageError => new UsageError(`${reason}. Usage: ${USAGE}`);
