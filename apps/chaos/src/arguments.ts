import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";

import { UsageError } from "@docket/terminal";

export type ChaosArguments = Readonly<Record<"kills" | "jobs" | "workers" | "seed", number>>;

const MAXIMUMS: ChaosArguments = { kills: 100, jobs: 60, workers: 10, seed: 2 ** 32 - 1 };

const USAGE = "npm run chaos [-- --kills 50 --jobs 20 --workers 2 --seed N]";

/** Parses `[--kills N] [--jobs N] [--workers N] [--seed N]`; the default seed is random. @throws UsageError */
export function parseArguments(args: readonly string[]): ChaosArguments {
  const values = split(args);
  const integer = (name: keyof ChaosArguments): number => {
    const value = Number(values[name]);
    if (Number.isInteger(value) && value >= 1 && value <= MAXIMUMS[name]) return value;
    throw usageError(`--${name} must be a whole number from 1 to ${MAXIMUMS[name]}`);
  };
  return {
    kills: integer("kills"),
    jobs: integer("jobs"),
    workers: integer("workers"),
    seed: integer("seed"),
  };
}

function split(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        kills: { type: "string", default: "50" },
        jobs: { type: "string", default: "20" },
        workers: { type: "string", default: "2" },
        seed: { type: "string", default: String(randomInt(1, 1_000_000)) },
      },
    });
    return values;
  } catch (error) {
    throw usageError((error as Error).message);
  }
}

const usageError = (reason: string): UsageError => new UsageError(`${reason}\nUsage: ${USAGE}`);
