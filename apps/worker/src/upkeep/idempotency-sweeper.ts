import { withTenant, type Database } from "@docket/platform/database";
import { deleteExpiredKeys, findTenantsWithExpiredKeys } from "@docket/platform/rows";
import type { UpkeepTask } from "./timer.ts";

/** Keys examined per run, and deleted per tenant and run. */
const LIMIT = 5_000;

/** Deletes expired idempotency keys. This only keeps the table small: an expired key counts as free. */
export function idempotencySweeper({
  prisma,
  pool,
}: Pick<Database, "prisma" | "pool">): UpkeepTask {
  return {
    name: "idempotency-sweeper",
    run: async (signal) => {
      let forgotten = 0;
      for (const tenantId of await findTenantsWithExpiredKeys(pool, LIMIT)) {
        if (signal.aborted) break;
        forgotten += await withTenant(tenantId, () => deleteExpiredKeys(prisma, LIMIT));
      }
      return forgotten > 0 ? { forgotten } : undefined;
    },
  };
}
