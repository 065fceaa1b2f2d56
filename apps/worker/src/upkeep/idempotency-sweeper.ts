import { withTenant, type Database } from "@docket/platform/database";
import type { UpkeepTask } from "./timer.ts";

/** Keys looked at, and deleted of one tenant, in one turn; the rest wait for the next. */
const MOST = 5_000;

/** Forgets idempotency keys whose day is over. Until then they are free all the same: this only keeps the table small. */
export function idempotencySweeper({
  prisma,
  pool,
}: Pick<Database, "prisma" | "pool">): UpkeepTask {
  // The outer condition is what makes it safe beside a request that takes an expired key at this moment: the row is looked at
  // again once it is locked, and is no longer expired then.
  const forget = (): Promise<number> => prisma.$executeRaw`
    DELETE FROM idempotency_keys
    WHERE expires_at <= now()
      AND ctid = ANY (ARRAY(SELECT ctid FROM idempotency_keys WHERE expires_at <= now() LIMIT ${MOST}))`;

  return {
    name: "idempotency-sweeper",
    run: async () => {
      const { rows } = await pool.query<{ tenant_id: string }>(
        "SELECT tenant_id FROM upkeep_tenants_with_expired_keys($1)",
        [MOST],
      );
      let forgotten = 0;
      for (const row of rows) forgotten += await withTenant(row.tenant_id, () => forget());
      return forgotten > 0 ? { forgotten } : undefined;
    },
  };
}
