import type { Database } from "@docket/platform/database";

// The schema of transactions before the migrations 20261128150000 to 20261128151200: two foreign keys, and a UUID made in SQL.
const INSTALL = `
  CREATE FUNCTION previous_uuid_v7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    SELECT encode(
      set_bit(set_bit(
        overlay(uuid_send(gen_random_uuid())
          placing substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
          FROM 1 FOR 6),
        52, 1), 53, 1),
      'hex')::uuid
  $$;
  ALTER TABLE transactions
    ALTER COLUMN id SET DEFAULT previous_uuid_v7(),
    DROP CONSTRAINT transactions_source_in_context_fkey,
    ADD CONSTRAINT previous_context_fkey FOREIGN KEY (tenant_id, context_id) REFERENCES contexts (tenant_id, id),
    ADD CONSTRAINT previous_source_fkey FOREIGN KEY (tenant_id, source_id) REFERENCES sources (tenant_id, id)`;

const REMOVE = `
  ALTER TABLE transactions
    ALTER COLUMN id SET DEFAULT uuid_v7(),
    DROP CONSTRAINT previous_context_fkey,
    DROP CONSTRAINT previous_source_fkey,
    ADD CONSTRAINT transactions_source_in_context_fkey
      FOREIGN KEY (tenant_id, context_id, source_id) REFERENCES sources (tenant_id, context_id, id);
  DROP FUNCTION previous_uuid_v7()`;

/** Runs `work` while `transactions`, which must be empty, has its previous keys and default. */
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
