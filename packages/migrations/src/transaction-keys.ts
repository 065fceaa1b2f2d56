import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { Batch, DataMigration } from "./data.ts";

const KEY = "transactions_source_in_context_fkey";

type Step = { readonly run: (tx: pg.ClientBase) => Promise<boolean>; readonly next?: string };

/**
 * One foreign key of `transactions` in place of two: the source must belong to the context, and every source has a context. Postgres
 * checks each key with a query for each inserted row.
 *
 * Each step is a transaction of its own, and has no effect if it is repeated. A lock waits for running transactions, such as ingests
 * and exports, and meanwhile everything else waits for the lock. It is therefore tried for some seconds and then left to the next run.
 * Until the last step, inserts are slower, because they check all three keys.
 */
export const transactionKeys: DataMigration = {
  name: "transaction-keys",
  migrateBatch: async (tx, after): Promise<Batch> => {
    const { run, next } = STEPS[after?.["step"] ?? "add"]!;
    if (!(await run(tx))) return { postponed: "its tables are in use" };
    return { rows: 0, ...(next !== undefined && { next: { step: next } }) };
  },
};

const STEPS: Readonly<Record<string, Step>> = {
  add: {
    next: "validate",
    run: (tx) =>
      whenLocked(tx, ["transactions", "sources"], "SHARE ROW EXCLUSIVE", async () => {
        if (await hasKey(tx)) return;
        await tx.query(`
          ALTER TABLE transactions ADD CONSTRAINT ${KEY}
            FOREIGN KEY (tenant_id, context_id, source_id) REFERENCES sources (tenant_id, context_id, id)
            ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID`);
      }),
  },
  // Reads all transactions, and blocks neither reads nor writes. Meanwhile ingests cannot renew the statistics of the table.
  validate: {
    next: "drop",
    run: async (tx) => {
      await tx.query(`ALTER TABLE transactions VALIDATE CONSTRAINT ${KEY}`);
      await tx.query("ANALYZE transactions");
      return true;
    },
  },
  drop: {
    run: (tx) =>
      whenLocked(tx, ["transactions", "sources", "contexts"], "ACCESS EXCLUSIVE", () =>
        tx.query(`
          ALTER TABLE transactions
            DROP CONSTRAINT IF EXISTS transactions_tenant_id_context_id_fkey,
            DROP CONSTRAINT IF EXISTS transactions_tenant_id_source_id_fkey`),
      ),
  },
};

async function hasKey(tx: pg.ClientBase): Promise<boolean> {
  const { rowCount } = await tx.query(
    "SELECT FROM pg_constraint WHERE conrelid = 'transactions'::regclass AND conname = $1",
    [KEY],
  );
  return rowCount === 1;
}

const ATTEMPTS = 5;
const PAUSE_MS = 1_000;
/** Above `deadlock_timeout` (1 s), because Postgres cancels an autovacuum that is in the way only then. */
const LOCK_TIMEOUT = "1500ms";
/** PostgreSQL's `lock_not_available`. */
const NOT_AVAILABLE = "55P03";

/** Runs `change` with the tables locked. False if they could not be locked. */
async function whenLocked(
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
    await tx.query(`LOCK TABLE ${others.join(", ")} IN ${mode} MODE NOWAIT`);
    return true;
  } catch (error) {
    if ((error as { readonly code?: string }).code !== NOT_AVAILABLE) throw error;
    await tx.query("ROLLBACK TO before_lock");
    return false;
  }
}
