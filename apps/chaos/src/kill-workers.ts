import { setTimeout as sleep } from "node:timers/promises";

import type { Random } from "@docket/demo-data";
import { withTenant } from "@docket/platform/database";

import type { ChaosStack } from "./stack.ts";
import type { WatchedWorker } from "./watched-worker.ts";

export type KillOptions = {
  readonly stack: ChaosStack;
  readonly kills: number;
  readonly jobs: number;
  readonly random: Random;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
};

export type KillResult = {
  readonly kills: number;
  /** Kills that interrupted an export. */
  readonly hits: number;
};

/** A worker is killed at a random moment within this time after it was seen running an export. */
const SPREAD_MS = 3_000;

/**
 * A killed claim is repeated when its lease of 20 s has expired, so a job loses at most 16 claims in this time. The 20th
 * claim without a result would fail the job with `worker_lost`.
 */
const TIMEOUT_MS = 300_000;

const POLL_INTERVAL_MS = 100;

/** Kills workers with SIGKILL during their exports. @throws Error after {@link TIMEOUT_MS} */
export async function killWorkers(options: KillOptions): Promise<KillResult> {
  const { stack, jobs, random, print, signal } = options;
  const deadline = performance.now() + TIMEOUT_MS;
  const throttle = createThrottle(options);
  let kills = 0;
  let hits = 0;

  const wait = async (milliseconds: number): Promise<void> => {
    const end = performance.now() + milliseconds;
    while (performance.now() < end) {
      if (performance.now() > deadline) {
        throw new Error(`only ${kills} of ${options.kills} kills in ${TIMEOUT_MS / 1_000} s`);
      }
      await sleep(Math.min(POLL_INTERVAL_MS, end - performance.now()), undefined, { signal });
      await throttle.adjust(kills);
    }
  };

  while (kills < options.kills) {
    const finished = await throttle.adjust(kills);
    const candidates = candidatesOf(stack.workers, finished === jobs);
    if (candidates.length === 0) {
      await wait(POLL_INTERVAL_MS);
      continue;
    }
    const victim = random.pick(candidates);
    await wait(random.integer(0, SPREAD_MS));
    if (victim.pid() === undefined) continue;
    const running = victim.running();
    await kill(victim, signal);
    kills += 1;
    if (running > 0) hits += 1;
    const number = stack.workers.indexOf(victim) + 1;
    print(`kill ${kills}: worker ${number}, ${running} exports; ${finished} of ${jobs} jobs done`);
  }
  throttle.release();
  return { kills, hits };
}

/** Kills a worker and waits until the supervisor has noticed: until then, the dead process still looks alive. */
export async function kill({ pid }: WatchedWorker, signal: AbortSignal): Promise<void> {
  const victim = pid();
  if (victim === undefined) return;
  process.kill(victim, "SIGKILL");
  while (pid() === victim) await sleep(10, undefined, { signal });
}

/** Workers that run an export; any worker when all jobs are finished. */
function candidatesOf(
  workers: readonly WatchedWorker[],
  jobsFinished: boolean,
): readonly WatchedWorker[] {
  const alive = workers.filter((worker) => worker.pid() !== undefined);
  return jobsFinished ? alive : alive.filter((worker) => worker.running() > 0);
}

/** Bytes a second of all uploads together. At the slow rate an export does not finish before the next kill. */
const FAST = 8_000_000;
const SLOW = 400_000;

/** Keeps the share of finished jobs below the share of completed kills, so that exports are running until the last kill. */
function createThrottle({ stack, kills: wantedKills, jobs }: KillOptions) {
  let rate: number | undefined;
  return {
    /** @returns the number of finished jobs */
    adjust: async (kills: number): Promise<number> => {
      const finished = await countFinishedJobs(stack);
      const wanted = finished * wantedKills > kills * jobs ? SLOW : FAST;
      if (wanted !== rate) stack.storeProxy.requests.set(wanted);
      rate = wanted;
      return finished;
    },
    release: (): void => stack.storeProxy.requests.set(Infinity),
  };
}

const countFinishedJobs = ({ tenantId, database }: ChaosStack): Promise<number> =>
  withTenant(tenantId, async () => {
    const { rows } = await database.pool.query<{ count: number }>(
      "SELECT count(*)::int FROM export_jobs WHERE status NOT IN ('QUEUED', 'RUNNING')",
    );
    return rows[0]!.count;
  });
