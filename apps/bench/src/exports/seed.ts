import type { Database } from "@docket/platform/database";
import { foldCounters } from "@docket/platform/rows";

import { TENANT } from "../tenant.ts";

/** A context with data between `dateFrom` and `dateTo`. */
export type SeededContext = {
  readonly contextId: string;
  /** The rows of the reports that it is made for. */
  readonly rows: number;
  readonly dateFrom: string;
  readonly dateTo: string;
};

export const FIRST_DAY = "2026-01-01";
export const LAST_DAY = "2026-03-31";

const UNMATCHED_PERCENT = 3;

/**
 * Fills a context with a bank and a ledger over three months, matched one to one, plus 3 % of unmatched transactions. Its MATCHED
 * report has `rows` rows.
 */
export const seedContext = (superuser: Database, rows: number): Promise<SeededContext> =>
  seedMatched(superuser, rows, FEED_ORDER);

/** Like {@link seedContext}, but the tables hold their rows in a random order. */
export const seedShuffledContext = (superuser: Database, rows: number): Promise<SeededContext> =>
  seedMatched(superuser, rows, RANDOM_ORDER);

/** The order of the rows in the tables. */
const FEED_ORDER = {
  name: "matched rows",
  transactions: "n",
  matchedItems: "t.date, t.id, g.id",
} as const;
const RANDOM_ORDER = {
  name: "matched rows, shuffled",
  transactions: "hashint4(n)",
  matchedItems: "uuid_hash(g.id)",
} as const;

async function seedMatched(
  superuser: Database,
  rows: number,
  order: typeof FEED_ORDER | typeof RANDOM_ORDER,
): Promise<SeededContext> {
  const pairs = Math.ceil(rows / 2);
  const name = `${rows.toLocaleString("en")} ${order.name}`;
  const contextId = await seed(superuser, name, TABLES, async (client, id) => {
    for (const source of SOURCES) {
      const sourceId = await insertSource(client, id, source);
      const unmatched = Math.ceil((pairs * UNMATCHED_PERCENT) / 100);
      const parameters = [sourceId, source.prefix, pairs, unmatched, FIRST_DAY, pairs];
      await client.query(`${TRANSACTIONS} ORDER BY ${order.transactions}`, [
        TENANT,
        id,
        ...parameters,
      ]);
    }
    await client.query(GROUPS, [TENANT, id, pairs]);
    // Without statistics the planner would scan all the new rows for each of them.
    await client.query("ANALYZE transactions, match_groups");
    await client.query(ITEMS, [TENANT, id]);
    await client.query("ANALYZE match_group_items");
    await client.query(`${MATCHED_ITEMS} ORDER BY ${order.matchedItems}`, [TENANT, id]);
  });
  return { contextId, rows: pairs * 2, dateFrom: FIRST_DAY, dateTo: LAST_DAY };
}

/**
 * Creates a context, fills it with `insert` in one transaction, and vacuums `tables`. Resolves with its ID.
 *
 * It runs as a superuser, who may skip the foreign key checks (three lookups a row). This also skips the triggers, so the rows are
 * counted at the end.
 */
export async function seed(
  superuser: Database,
  name: string,
  tables: readonly string[],
  insert: (client: Client, contextId: string) => Promise<void>,
): Promise<string> {
  const client = await superuser.pool.connect();
  try {
    await client.query("BEGIN");
    await client.query("SET LOCAL session_replication_role = replica");
    const { rows } = await client.query<{ id: string }>(
      "INSERT INTO contexts (tenant_id, name) VALUES ($1, $2) RETURNING id",
      [TENANT, name],
    );
    const contextId = rows[0]!.id;
    await insert(client, contextId);
    await client.query("SELECT repair_counters($1, $2)", [TENANT, contextId]);
    await client.query("COMMIT");
    await foldCounters(client, ALL_CHANGES);
    // Keeps autovacuum and the checkpoint out of the measurements.
    for (const table of tables) await client.query(`VACUUM (ANALYZE) ${table}`);
    await client.query("CHECKPOINT");
    return contextId;
  } finally {
    // Destroys the connection: after a failure its transaction is still open.
    client.release(true);
  }
}

/** More changes of counters than a context has. */
const ALL_CHANGES = 1_000_000;

type Client = Pick<Database["pool"], "query">;
type Source = { readonly name: string; readonly type: string; readonly side: string };

export async function insertSource(
  client: Client,
  contextId: string,
  { name, type, side }: Source,
): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    "INSERT INTO sources (tenant_id, context_id, name, type, side) VALUES ($1, $2, $3, $4, $5) RETURNING id",
    [TENANT, contextId, name, type, side],
  );
  return rows[0]!.id;
}

const TABLES = [
  "contexts",
  "sources",
  "transactions",
  "match_groups",
  "match_group_items",
  "matched_items",
];

const SOURCES = [
  { name: "Bank account 2600", type: "BANK", side: "LEFT", prefix: "BNK" },
  { name: "General ledger", type: "LEDGER", side: "RIGHT", prefix: "GL" },
] as const;

/**
 * Inserts $5 matched and $6 unmatched transactions. The first $8 are in date order, as in a feed. Both sides of a pair have the same amount and the same number in
 * their external id. Every tenth description contains characters that the formats must escape.
 */
export const TRANSACTIONS = `
  INSERT INTO transactions (tenant_id, context_id, source_id, external_id, amount, currency, date, description, status)
  SELECT $1::uuid, $2::uuid, $3::uuid,
    $4::text || '-' || lpad(n::text, 10, '0'),
    round(((n::bigint * 7919) % 1000000)::numeric / 100 + 0.01, 2) * CASE WHEN n % 5 = 0 THEN -1 ELSE 1 END,
    (ARRAY['CZK', 'EUR', 'USD'])[1 + n % 3],
    $7::timestamptz + (n % $8::int)::float8 / $8::int * interval '89 days' + (n % 86399) * interval '1 second',
    CASE WHEN n % 10 = 0 THEN 'Invoice ' || n || ', "Šťastný & Co." Ltd'
         ELSE 'Card settlement batch ' || lpad((n % 99991)::text, 8, '0') END,
    CASE WHEN n <= $5::int THEN 'MATCHED' ELSE 'UNMATCHED' END
  FROM generate_series(1, $5::int + $6::int) AS n`;

const GROUPS = `
  INSERT INTO match_groups (tenant_id, context_id, external_id, rule, confidence)
  SELECT $1::uuid, $2::uuid, 'M-' || lpad(n::text, 10, '0'),
    (ARRAY['amount-and-date', 'reference', 'amount-and-counterparty'])[1 + n % 3], 100 - n % 40
  FROM generate_series(1, $3::int) AS n`;

const ITEMS = `
  INSERT INTO match_group_items (tenant_id, match_group_id, transaction_id, amount)
  SELECT g.tenant_id, g.id, t.id, t.amount
  FROM match_groups g
    JOIN transactions t ON t.tenant_id = g.tenant_id AND t.context_id = g.context_id AND t.status = 'MATCHED'
      AND right(t.external_id, 10) = right(g.external_id, 10)
  WHERE g.tenant_id = $1::uuid AND g.context_id = $2::uuid
  ORDER BY g.id`;

/** What the triggers do. */
const MATCHED_ITEMS = `
  INSERT INTO matched_items (tenant_id, context_id, date, transaction_id, match_group_id, source_id, amount, rule, confidence)
  SELECT t.tenant_id, t.context_id, t.date, t.id, g.id, t.source_id, i.amount, g.rule, g.confidence
  FROM match_group_items i
    JOIN match_groups g ON g.tenant_id = i.tenant_id AND g.id = i.match_group_id
    JOIN transactions t ON t.tenant_id = i.tenant_id AND t.id = i.transaction_id
  WHERE g.tenant_id = $1::uuid AND g.context_id = $2::uuid`;
