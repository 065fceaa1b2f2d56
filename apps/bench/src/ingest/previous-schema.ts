import type { Database } from "@docket/platform/database";

// The schema of transactions before the data migration `transaction-keys`.
const INSTALL = `
  ALTER TABLE transactions
    DROP CONSTRAINT transactions_source_in_context_fkey,
    ADD CONSTRAINT previous_context_fkey FOREIGN KEY (tenant_id, context_id) REFERENCES contexts (tenant_id, id),
    ADD CONSTRAINT previous_source_fkey FOREIGN KEY (tenant_id, source_id) REFERENCES sources (tenant_id, id)`;

const REMOVE = `
  ALTER TABLE transactions
    DROP CONSTRAINT previous_context_fkey,
    DROP CONSTRAINT previous_source_fkey,
    ADD CONSTRAINT transactions_source_in_context_fkey
      FOREIGN KEY (tenant_id, context_id, source_id) REFERENCES sources (tenant_id, context_id, id)
      ON DELETE RESTRICT ON UPDATE CASCADE`;

/** Runs `work` while `transactions`, which must be empty, has its previous keys. */
export async function withPreviousSchema<T>(
  owner: Database["pool"],
  work: () => Promise<T>,
): Promise<T> {
  await owner.query(INSTALL);
  try {
    return await work();
  } finally {
    await owner.query(REMOVE);
  }
}
