import { parseArgs } from "node:util";

import { UsageError } from "@docket/terminal";

import { ATTACKS } from "./attacks/index.ts";

export type AbuseArguments = {
  /** Duration of each attack. */
  readonly seconds: number;
  /** Names of attacks. */
  readonly attacks: readonly string[];
  /** The longest time that a call of the victim may take. Undefined: 1 s, or 2 s on a busy machine. */
  readonly limitMs: number | undefined;
};

/** A dispute holds 50 pieces of evidence, and the victim uploads one a second. */
const MAX_SECONDS = 45;
const MAX_LIMIT_MS = 60_000;

const NAMES = ATTACKS.map(({ name }) => name);

const USAGE = `npm run abuse [-- --seconds 15 --attack NAME --limit-ms N]
Attacks: ${NAMES.join(", ")}`;

/** Parses `[--seconds N] [--attack NAME]… [--limit-ms N]`. @throws UsageError */
export function parseArguments(args: readonly string[]): AbuseArguments {
  const { seconds, attack = NAMES, "limit-ms": limitMs } = split(args);
  const unknown = attack.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw usageError(`there is no attack ${unknown}`);
  return {
    seconds: integer("seconds", seconds, MAX_SECONDS),
    attacks: attack,
    limitMs: limitMs === undefined ? undefined : integer("limit-ms", limitMs, MAX_LIMIT_MS),
  };
}

function integer(name: string, text: string, maximum: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= maximum) return value;
  throw usageError(`--${name} must be a whole number from 1 to ${maximum}`);
}

function split(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seconds: { type: "string", default: "15" },
        attack: { type: "string", multiple: true },
        "limit-ms": { type: "string" },
      },
    });
    return values;
  } catch (error) {
    throw usageError((error as Error).message);
  }
}

const usageError = (reason: string): UsageError => new UsageError(`${reason}\nUsage: ${USAGE}`);
