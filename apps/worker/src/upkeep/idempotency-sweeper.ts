import type { Logger } from "@docket/platform";
import { withTenant, type Database } from "@docket/platform/database";
import { deleteExpiredKeys, findTenantsWithExpiredKeys } from "@docket/platform/rows";
import { sweepRows } from "./sweeper.ts";
import type { UpkeepTask } from "./timer.ts";

/** Keys examined per run, and deleted per tenant and run. */
const LIMIT = 5_000;

/** Deletes expired idempotency keys. This only keeps the table small: an expired key counts as free. */
export function idempotencySweeper(tools: {
  readonly database: Pick<Database, "prisma" | "pool">;
  readonly logger: Logger;
}): UpkeepTask {
  const { prisma, pool } = tools.database;
  return {
    name: "idempotency-sweeper",
    run: async (signal) => {
      let forgotten = 0;
      const tenants = await findTenantsWithExpiredKeys(pool, LIMIT);
      const rows = tenants.map((tenantId) => ({ tenantId }));
      await sweepRows(rows, { logger: tools.logger, signal }, async ({ tenantId }) => {
        forgotten += await withTenant(tenantId, () => deleteExpiredKeys(prisma, LIMIT));
        return true;
      });
      return forgotten > 0 ? { forgotten } : undefined;
    },
  };
}
