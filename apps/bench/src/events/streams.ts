import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import type { Database } from "@docket/platform/database";
import { signToken } from "@docket/stack";

import { watchStream } from "./watch.ts";

/** The limits of an API process (docs/api.md §9). */
const PER_PRINCIPAL = 20;
const PER_TENANT = 100;

export type OpenStreams = {
  readonly address: string;
  readonly jwtSecret: string;
  readonly count: number;
  readonly signal: AbortSignal;
};

/** Opens streams of as many tenants and principals as the limits require. */
export async function openStreams(options: OpenStreams): Promise<void> {
  const { address, jwtSecret, count, signal } = options;
  for (let first = 0; first < count; first += PER_TENANT) {
    const tenant = randomUUID();
    const opening: Promise<unknown>[] = [];
    for (let n = 0; n < Math.min(PER_TENANT, count - first); n += 1) {
      const subject = `reader ${Math.floor(n / PER_PRINCIPAL)}`;
      opening.push(watchStream(address, signToken(jwtSecret, { tenant, subject }), signal));
    }
    await Promise.all(opening);
  }
}

/** Longer than the 10 s for which an idle backend may keep its statistics to itself. The opening of the streams must not count. */
const STATISTICS_DELAY_MS = 12_000;

/** The transactions of all processes in a second. */
export async function transactionsPerSecond(
  { pool }: Database,
  seconds: number,
  signal: AbortSignal,
): Promise<number> {
  const count = async (): Promise<number> => {
    const { rows } = await pool.query<{ count: number }>(
      `SELECT (xact_commit + xact_rollback)::float8 AS count FROM pg_stat_database WHERE datname = current_database()`,
    );
    return rows[0]!.count;
  };
  await sleep(STATISTICS_DELAY_MS, undefined, { signal });
  const [before, from] = [await count(), performance.now()];
  await sleep(seconds * 1_000, undefined, { signal });
  return ((await count()) - before) / ((performance.now() - from) / 1_000);
}
