import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { Batch, DataMigration } from "./data.ts";

const ATTEMPTS = 10;
const PAUSE_MS = 500;

/** Below `deadlock_timeout` (1 s), so that this transaction gives way if it deadlocks with a request. */
const LOCK_TIMEOUT = "500ms";

/** Exports hold the lock of `transactions` for longer than anything holds the others. */
const LOCK = "LOCK TABLE transactions, sources, contexts IN ACCESS EXCLUSIVE MODE";

/** PostgreSQL's `lock_not_available`. */
const NOT_AVAILABLE = "55P03";

/**
 * Drops the foreign keys of `transactions` that its key of the source in the context implies
 * (prisma/migrations/20261128151000_transaction_source_key). Postgres checks them for each inserted row.
 *
 * The lock waits for every running export, and meanwhile everything else waits for the lock. It is therefore tried for a few seconds
 * and then left to the next run: the keys cost time and do no harm.
 */
export const transactionKeys: DataMigration = {
  name: "transaction-keys",
  migrateBatch: async (tx): Promise<Batch> => {
    for (let attempt = 1; !(await tryLock(tx)); attempt += 1) {
      if (attempt === ATTEMPTS) return { rows: 0, isPostponed: true };
      await sleep(PAUSE_MS);
    }
    await tx.query(`
      ALTER TABLE transactions
        DROP CONSTRAINT IF EXISTS transactions_tenant_id_context_id_fkey,
        DROP CONSTRAINT IF EXISTS transactions_tenant_id_source_id_fkey`);
    return { rows: 0 };
  },
};

async function tryLock(tx: pg.ClientBase): Promise<boolean> {
  await tx.query(`SAVEPOINT unlocked; SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
  try {
    await tx.query(LOCK);
    return true;
  } catch (error) {
    if ((error as { readonly code?: string }).code !== NOT_AVAILABLE) throw error;
    await tx.query("ROLLBACK TO unlocked");
    return false;
  }
}
