import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { Batch, DataMigration } from "./data.ts";

/** A change of tables in a transaction of its own. It has no effect if it is repeated. */
export type Step = {
  readonly name: string;
  /** False if its tables are in use: it is left to the next run of the migration. */
  readonly run: (tx: pg.ClientBase) => Promise<boolean>;
};

/** A data migration that changes tables instead of rows, in steps. */
export const inSteps = (name: string, steps: readonly Step[]): DataMigration => ({
  name,
  migrateBatch: async (tx, after): Promise<Batch> => {
    const index = after === undefined ? 0 : steps.findIndex((step) => step.name === after["step"]);
    if (!(await steps[index]!.run(tx))) return { postponed: "its tables are in use" };
    const next = steps[index + 1];
    return { rows: 0, ...(next !== undefined && { next: { step: next.name } }) };
  },
});

const ATTEMPTS = 5;
const PAUSE_MS = 1_000;
/** Above `deadlock_timeout` (1 s), because Postgres cancels an autovacuum that is in the way only then. */
const LOCK_TIMEOUT = "1500ms";
/** PostgreSQL's `lock_not_available`. */
const NOT_AVAILABLE = "55P03";

/**
 * Runs `change` with the tables locked. False if they could not be locked: a lock waits for running transactions, such as ingests and
 * exports, and meanwhile everything else waits for the lock. It is therefore tried for some seconds only.
 */
export async function whenLocked(
  tx: pg.ClientBase,
  tables: readonly string[],
  mode: string,
  change: () => Promise<unknown>,
): Promise<boolean> {
  for (let attempt = 1; !(await tryLock(tx, tables, mode)); attempt += 1) {
    if (attempt === ATTEMPTS) return false;
    await sleep(PAUSE_MS);
  }
  await change();
  return true;
}

/**
 * Waits for the first table only, while this transaction holds no lock that anybody waits for. It therefore takes part in no deadlock,
 * of which a request might be the victim.
 */
async function tryLock(
  tx: pg.ClientBase,
  [first, ...others]: readonly string[],
  mode: string,
): Promise<boolean> {
  await tx.query(`SAVEPOINT before_lock; SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
  try {
    await tx.query(`LOCK TABLE ${first} IN ${mode} MODE`);
    if (others.length > 0) await tx.query(`LOCK TABLE ${others.join(", ")} IN ${mode} MODE NOWAIT`);
    return true;
  } catch (error) {
    if ((error as { readonly code?: string }).code !== NOT_AVAILABLE) throw error;
    await tx.query("ROLLBACK TO before_lock");
    return false;
  }
}
