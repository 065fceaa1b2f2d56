import type { Database, Transaction } from "../database/index.ts";

/** The tenants among the `limit` idempotency keys that expired first. */
export async function findTenantsWithExpiredKeys(
  pool: Database["pool"],
  limit: number,
): Promise<readonly string[]> {
  const { rows } = await pool.query<{ tenant_id: string }>(
    "SELECT tenant_id FROM upkeep_tenants_with_expired_keys($1)",
    [limit],
  );
  return rows.map(({ tenant_id: tenantId }) => tenantId);
}

/** Deletes at most `limit` of the tenant's expired keys and returns how many. */
export const deleteExpiredKeys = (tx: Transaction, limit: number): Promise<number> =>
  // The outer condition protects a key that a request acquires at the same moment: Postgres checks it again after locking the row.
  tx.$executeRaw`
    DELETE FROM idempotency_keys
    WHERE expires_at <= now()
      AND ctid = ANY (ARRAY(SELECT ctid FROM idempotency_keys WHERE expires_at <= now() LIMIT ${limit}))`;
