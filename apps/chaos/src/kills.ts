import { setTimeout as sleep } from "node:timers/promises";

import { withTenant } from "@docket/platform/database";

import type { Random } from "@docket/demo-data";
import type { ChaosStack } from "./chaos-stack.ts";

export type Killing = {
  readonly stack: ChaosStack;
  readonly kills: number;
  readonly jobs: number;
  readonly random: Random;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
};

export type Killed = {
  readonly kills: number;
  /** Kills of a worker that was at work on an export. */
  readonly hits: number;
};

/** A kill comes at a random moment within this time after an export was seen to run. */
const SPREAD_MS = 3_000;

/**
 * A claim that was killed is taken up again when its lease of 20 s has run out, so a job loses one claim in 20 s at the most:
 * 16 in this time, whatever the luck. The 20th without a result would make it FAILED `worker_lost`.
 */
const MOST_MS = 300_000;

const LOOK_EVERY_MS = 100;

/** Bytes a second of all uploads together. Brisk: an export takes seconds. Crawling: it does not end before the next kill. */
const PACES = { brisk: 8_000_000, crawling: 400_000 } as const;

/** Kills workers with SIGKILL at random moments of their exports. @throws Error when it takes too long. */
export async function killWorkers(killing: Killing): Promise<Killed> {
  const { stack, kills, jobs, random, say, signal } = killing;
  const deadline = performance.now() + MOST_MS;
  let pace: keyof typeof PACES | undefined;
  let killed = 0;
  let hits = 0;

  /** Jobs end as fast as kills are done, so that there are exports to be hit up to the last kill; returns how many have. */
  const keepPace = async (): Promise<number> => {
    const ended = await endedJobs(stack);
    const wanted = ended * kills > killed * jobs ? "crawling" : "brisk";
    if (wanted !== pace) stack.line.requests.set(PACES[wanted]);
    pace = wanted;
    return ended;
  };

  const wait = async (milliseconds: number): Promise<void> => {
    const until = performance.now() + milliseconds;
    while (performance.now() < until) {
      if (performance.now() > deadline) {
        throw new Error(`only ${killed} of ${kills} kills in ${MOST_MS / 1_000} s`);
      }
      await sleep(Math.min(LOOK_EVERY_MS, until - performance.now()), undefined, { signal });
      await keepPace();
    }
  };

  while (killed < kills) {
    const alive = stack.workers.filter((each) => each.pid() !== undefined);
    const busy = alive.filter((each) => each.running() > 0);
    const ended = await keepPace();
    // When there is nothing more to be hit, an idle worker is killed.
    const victims = ended === jobs ? alive : busy;
    if (victims.length === 0) {
      await wait(LOOK_EVERY_MS);
      continue;
    }
    const victim = random.pick(victims);
    await wait(random.integer(0, SPREAD_MS));
    const pid = victim.pid();
    if (pid === undefined) continue;
    const running = victim.running();
    process.kill(pid, "SIGKILL");
    killed += 1;
    if (running > 0) hits += 1;
    const number = stack.workers.indexOf(victim) + 1;
    say(`kill ${killed}: worker ${number}, ${running} exports; ${ended} of ${jobs} jobs done`);
    // Its end is noticed in a moment, and it must not be hit twice.
    while (victim.pid() === pid) await wait(10);
  }
  stack.line.requests.set(Infinity);
  return { kills: killed, hits };
}

const endedJobs = ({ tenantId, database }: ChaosStack): Promise<number> =>
  withTenant(tenantId, async () => {
    const { rows } = await database.pool.query<{ count: number }>(
      "SELECT count(*)::int FROM export_jobs WHERE status NOT IN ('QUEUED', 'RUNNING')",
    );
    return rows[0]!.count;
  });
