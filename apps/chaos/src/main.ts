import { randomInt } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { abortOnStop, homePaths } from "@docket/stack";
import { resultLines } from "./result.ts";
import { runChaos } from "./run.ts";

const USAGE = "npm run chaos -- [--kills 50] [--jobs 20] [--workers 2] [--seed N]";
const say = (line = ""): void => void process.stdout.write(`${line}\n`);

const signal = abortOnStop(process);

const wishes = readArguments();
const home = await mkdtemp(join(tmpdir(), "docket-chaos-"));
// Postgres may have to run as another user, who must be able to pass through.
await chmod(home, 0o711);
let faults: readonly string[];
try {
  const result = await runChaos({ ...wishes, home, environment: process.env, say, signal });
  say();
  for (const line of resultLines(result)) say(line);
  ({ faults } = result);
} catch (error) {
  const reason = signal.aborted ? "interrupted" : (error as Error).message;
  process.stderr.write(`The chaos run failed: ${reason}\n`);
  faults = [reason];
}
// The logs stay when something is to be looked up in them.
const keep = faults.length > 0 && !signal.aborted;
const gone = keep ? [homePaths.postgres(home), homePaths.objects(home)] : [home];
for (const path of gone) await rm(path, { recursive: true, force: true });
if (keep) say(`Logs: ${homePaths.logs(home)}`);
process.exit(faults.length > 0 ? 1 : 0);

type Wishes = Record<"kills" | "jobs" | "workers" | "seed", number>;

function readArguments(): Wishes {
  try {
    const { values } = parseArgs({
      options: {
        kills: { type: "string", default: "50" },
        jobs: { type: "string", default: "20" },
        workers: { type: "string", default: "2" },
        seed: { type: "string", default: String(randomInt(1, 1_000_000)) },
      },
    });
    const most: Wishes = { kills: 100, jobs: 60, workers: 10, seed: 2 ** 32 - 1 };
    const wished = Object.entries(most).map(([name, highest]) => {
      const number = Number(values[name as keyof Wishes]);
      if (Number.isInteger(number) && number >= 1 && number <= highest) return [name, number];
      throw new Error(`--${name} must be a number from 1 to ${highest}`);
    });
    return Object.fromEntries(wished) as Wishes;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nUsage: ${USAGE}\n`);
    return process.exit(2);
  }
}
