import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { Batch, DataMigration } from "./data.ts";

/** A schema change that runs in its own transaction, together with the cursor that records it. */
export type Step = {
  readonly name: string;
  /** Resolves with false if its tables are in use. The next run of the migration then tries again. */
  readonly run: (tx: pg.ClientBase) => Promise<boolean>;
};

/** A data migration that changes the schema of large tables, step by step, instead of rows. */
export const inSteps = (name: string, steps: readonly Step[]): DataMigration => ({
  name,
  migrateBatch: async (tx, after): Promise<Batch> => {
    const index = after === undefined ? 0 : steps.findIndex((step) => step.name === after["step"]);
    const [step, next] = [steps[index], steps[index + 1]];
    if (step === undefined) throw new Error(`${name} has no step ${after?.["step"]}`);
    if (!(await step.run(tx))) return { postponed: "its tables are in use" };
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
 * Runs `change` with the tables locked. Resolves with false if they could not be locked.
 *
 * A lock waits for running transactions, such as ingests and exports, and all later statements wait behind it. It is therefore tried for
 * some seconds only.
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
