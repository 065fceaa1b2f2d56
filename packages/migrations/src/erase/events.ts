import type pg from "pg";
import { inRetriedTransaction } from "../transaction.ts";
import { BATCH } from "./steps.ts";

/** The key of the advisory lock of the sequencer (packages/platform/src/rows/events/number.ts). */
const SEQUENCER_LOCK = 362_541;

/** Two tables, each with a SELECT of the events whose data is to be erased. */
type Selects = { readonly audit_events: string; readonly events: string };

/** Erases the data of the events about `paths`, which may have no number yet. */
export const eraseEventsAbout = (
  client: pg.Client,
  tenantId: string,
  paths: readonly string[],
): Promise<number> => eraseEvents(client, ABOUT, [tenantId, paths]);

/** Erases the data of all events of a tenant. */
export const eraseEventsOf = (client: pg.Client, tenantId: string): Promise<number> =>
  eraseEvents(client, OF_TENANT, [tenantId]);

const ABOUT: Selects = {
  // One statement reads both relations, because an event moves from one to the other.
  audit_events: `
    SELECT a.seq FROM audit_events a JOIN (
      SELECT audit_seq FROM events WHERE tenant_id = $1 AND subject = ANY ($2::text[])
      UNION SELECT audit_seq FROM event_outbox) e ON e.audit_seq = a.seq
    WHERE a.tenant_id = $1 AND a.subject = ANY ($2::text[]) AND a.data IS NOT NULL AND a.seq > $3`,
  events: `
    SELECT seq FROM events
    WHERE tenant_id = $1 AND subject = ANY ($2::text[]) AND data IS NOT NULL AND seq > $3`,
};

const OF_TENANT: Selects = {
  audit_events: `SELECT seq FROM audit_events WHERE tenant_id = $1 AND data IS NOT NULL AND seq > $2`,
  events: `SELECT seq FROM events WHERE tenant_id = $1 AND data IS NOT NULL AND seq > $2`,
};

/**
 * Erases the data of events. Their hashes stay, so that the chain still verifies (docs/api.md §9).
 *
 * First the rows from which the sequencer copies, then those that it has numbered. A batch of the sequencer between the two may have
 * read the data before it was erased: the lock is free when that batch has committed, and later batches find no data.
 */
async function eraseEvents(
  client: pg.Client,
  selects: Selects,
  values: readonly unknown[],
): Promise<number> {
  const written = await eraseIn(client, "audit_events", "data = NULL", selects, values);
  await inRetriedTransaction(client, () =>
    client.query("SELECT pg_advisory_xact_lock($1)", [SEQUENCER_LOCK]),
  );
  return written + (await eraseIn(client, "events", "data = NULL, salt = NULL", selects, values));
}

async function eraseIn(
  client: pg.Client,
  table: keyof Selects,
  set: string,
  selects: Selects,
  values: readonly unknown[],
): Promise<number> {
  const sql = `
    WITH batch AS MATERIALIZED (${selects[table]} ORDER BY seq LIMIT ${BATCH}),
    erased AS (
      UPDATE ${table} SET ${set} WHERE tenant_id = $1 AND seq = ANY (ARRAY(SELECT seq FROM batch)))
    SELECT count(*)::int AS count, max(seq)::text AS last FROM batch`;
  let after = "0";
  for (let sum = 0; ;) {
    const { rows } = await inRetriedTransaction(client, () =>
      client.query<{ count: number; last: string | null }>(sql, [...values, after]),
    );
    const { count = 0, last = null } = rows[0] ?? {};
    if (last === null) return sum;
    sum += count;
    after = last;
  }
}
