import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";

import { UsageError } from "@docket/terminal";

type Numbers = Readonly<Record<"kills" | "jobs" | "events" | "workers" | "seed", number>>;

export type ChaosArguments = Numbers & {
  /** Kills workers that deliver webhooks, not those that export. */
  readonly webhooks: boolean;
};

const MAXIMUMS: Numbers = {
  kills: 100,
  jobs: 60,
  events: 100_000,
  workers: 10,
  seed: 2 ** 32 - 1,
};

const USAGE = `npm run chaos [-- --kills 50 --jobs 20 --workers 2 --seed N]
       npm run chaos -- --webhooks [--kills 30 --events 5000 --workers 2 --seed N]`;

/** Parses the options of {@link USAGE}; the default seed is random. @throws UsageError */
export function parseArguments(args: readonly string[]): ChaosArguments {
  const { webhooks, ...given } = split(args);
  const values = { kills: webhooks ? "30" : "50", ...given };
  const integer = (name: keyof Numbers): number => {
    const value = Number(values[name]);
    if (Number.isInteger(value) && value >= 1 && value <= MAXIMUMS[name]) return value;
    throw usageError(`--${name} must be a whole number from 1 to ${MAXIMUMS[name]}`);
  };
  return {
    kills: integer("kills"),
    jobs: integer("jobs"),
    events: integer("events"),
    workers: integer("workers"),
    seed: integer("seed"),
    webhooks,
  };
}

function split(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        kills: { type: "string" },
        events: { type: "string", default: "5000" },
        webhooks: { type: "boolean", default: false },
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
