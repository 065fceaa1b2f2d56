import { inSteps, whenLocked } from "./steps.ts";

/**
 * Drops the foreign keys of `transactions`, which triggers have replaced (prisma/migrations/20261129020000_transaction_sources). Waits for
 * all who read the tables; until it has run, an ingest checks each row against the keys as well.
 */
export const transactionSources = inSteps("transaction-sources", [
  {
    name: "drop",
    run: (tx) =>
      whenLocked(tx, ["transactions", "sources", "contexts"], "ACCESS EXCLUSIVE", () =>
        tx.query(`
          ALTER TABLE transactions
            DROP CONSTRAINT IF EXISTS transactions_tenant_id_context_id_fkey,
            DROP CONSTRAINT IF EXISTS transactions_tenant_id_source_id_fkey,
            DROP CONSTRAINT IF EXISTS transactions_source_in_context_fkey;
          -- A data migration that this one replaces. It may have been postponed.
          DELETE FROM data_migrations WHERE name = 'transaction-keys'`),
      ),
  },
]);
