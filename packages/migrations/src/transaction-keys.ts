import type pg from "pg";
import { inSteps, whenLocked } from "./steps.ts";

const KEY = "transactions_source_in_context_fkey";

/**
 * One foreign key of `transactions` in place of two: the source must belong to the context, and every source has a context. Postgres
 * checks each key with a query for each inserted row. Until the last step, inserts are slower, because they check all three keys.
 */
export const transactionKeys = inSteps("transaction-keys", [
  {
    name: "add",
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
  {
    name: "validate",
    run: async (tx) => {
      await tx.query(`ALTER TABLE transactions VALIDATE CONSTRAINT ${KEY}`);
      await tx.query("ANALYZE transactions");
      return true;
    },
  },
  {
    name: "drop",
    run: (tx) =>
      whenLocked(tx, ["transactions", "sources", "contexts"], "ACCESS EXCLUSIVE", () =>
        tx.query(`
          ALTER TABLE transactions
            DROP CONSTRAINT IF EXISTS transactions_tenant_id_context_id_fkey,
            DROP CONSTRAINT IF EXISTS transactions_tenant_id_source_id_fkey`),
      ),
  },
]);

async function hasKey(tx: pg.ClientBase): Promise<boolean> {
  const { rowCount } = await tx.query(
    "SELECT FROM pg_constraint WHERE conrelid = 'transactions'::regclass AND conname = $1",
    [KEY],
  );
  return rowCount === 1;
}
