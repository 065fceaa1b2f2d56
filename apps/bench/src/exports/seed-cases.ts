import type { Database } from "@docket/platform/database";

import { TENANT } from "../tenant.ts";
import {
  FIRST_DAY,
  insertSource,
  LAST_DAY,
  seed,
  TRANSACTIONS,
  type SeededContext,
} from "./seed.ts";

/**
 * Fills a context with unmatched transactions. Each has an exception, every tenth exception has a dispute, and each transaction has
 * a fee. The reports UNMATCHED and EXCEPTIONS have `rows` rows, and VARIANCE sums as many fees.
 */
export async function seedCases(superuser: Database, rows: number): Promise<SeededContext> {
  const name = `${rows.toLocaleString("en")} exceptions`;
  const contextId = await seed(superuser, name, TABLES, async (client, id) => {
    const sourceId = await insertSource(client, id, BANK);
    await client.query(TRANSACTIONS, [TENANT, id, sourceId, "BNK", 0, rows, FIRST_DAY, rows]);
    await client.query("ANALYZE transactions");
    for (const sql of [EXCEPTIONS, DISPUTES, FEES]) await client.query(sql, [TENANT, id]);
  });
  return { contextId, rows, dateFrom: FIRST_DAY, dateTo: LAST_DAY };
}

const TABLES = ["contexts", "sources", "transactions", "exceptions", "disputes", "fee_variances"];

const BANK = { name: "Bank account 2600", type: "BANK", side: "LEFT" };

/** A matching engine finds an exception within hours of its transaction, in another order. */
const EXCEPTIONS = `
  INSERT INTO exceptions (tenant_id, context_id, transaction_id, date, severity, status, reason, created_at, updated_at)
  SELECT tenant_id, context_id, id, date, (ARRAY['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'])[1 + n % 4],
    CASE WHEN n % 3 = 0 THEN 'RESOLVED' ELSE 'OPEN' END, 'No ledger entry for reference ' || external_id, found, found
  FROM (
    SELECT t.*, right(external_id, 6)::int AS n, date + (hashtext(external_id) & 8191) * interval '1 second' AS found
    FROM transactions t WHERE tenant_id = $1::uuid AND context_id = $2::uuid) t
  ORDER BY found`;

const DISPUTES = `
  INSERT INTO disputes (tenant_id, context_id, exception_id, category, state, description, opened_by, opened_at, created_at)
  SELECT tenant_id, context_id, id, 'BANK_FEE_ERROR', 'OPEN', 'The bank charged a fee that was not agreed.', 'bench', created_at,
    created_at
  FROM exceptions WHERE tenant_id = $1::uuid AND context_id = $2::uuid AND hashtext(id::text) % 10 = 0`;

const FEES = `
  INSERT INTO fee_variances (tenant_id, context_id, external_id, source_id, transaction_id, fee_schedule_id, fee_schedule_name,
    currency, expected, actual)
  SELECT tenant_id, context_id, 'F-' || external_id, source_id, id, 'schedule-' || n % 4, 'Card fees ' || n % 4, currency, 0.25,
    0.25 + n % 7 * 0.01
  FROM (SELECT t.*, right(external_id, 6)::int AS n FROM transactions t WHERE tenant_id = $1::uuid AND context_id = $2::uuid) t`;
