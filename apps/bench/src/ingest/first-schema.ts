import type { Database } from "@docket/platform/database";

// The table `transactions` of the first release: two foreign keys, IDs made in SQL, and no triggers.
const INSTALL = `
  CREATE FUNCTION first_uuid_v7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    SELECT encode(
      set_bit(set_bit(
        overlay(uuid_send(gen_random_uuid())
          placing substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
          FROM 1 FOR 6),
        52, 1), 53, 1),
      'hex')::uuid
  $$;
  ALTER TABLE transactions
    DISABLE TRIGGER USER,
    ALTER COLUMN id SET DEFAULT first_uuid_v7(),
    ADD CONSTRAINT first_context_fkey FOREIGN KEY (tenant_id, context_id) REFERENCES contexts (tenant_id, id),
    ADD CONSTRAINT first_source_fkey FOREIGN KEY (tenant_id, source_id) REFERENCES sources (tenant_id, id)`;

const REMOVE = `
  ALTER TABLE transactions
    DROP CONSTRAINT first_context_fkey,
    DROP CONSTRAINT first_source_fkey,
    ALTER COLUMN id SET DEFAULT uuid_v7(),
    ENABLE TRIGGER USER;
  DROP FUNCTION first_uuid_v7()`;

/** Runs `work` while `transactions`, which must be empty before and after it, is as in the first release. */
export async function withFirstSchema<T>(
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
