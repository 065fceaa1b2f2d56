import type pg from "pg";
import { eraseEventsOf } from "./events.ts";
import { BATCH, inBatches, waitForReaders, withoutZeros, type Counts } from "./steps.ts";

/** The tables whose rows are deleted, each before those that its foreign keys refer to. */
export const TABLES = [
  "webhook_deliveries",
  "webhook_endpoints",
  "evidence",
  "dispute_events",
  "dispute_reminders",
  "disputes",
  "exception_events",
  "exceptions",
  "export_jobs",
  "fee_variances",
  "match_group_items",
  "match_groups",
  "matched_items",
  "transactions",
  "sources",
  "contexts",
  "idempotency_keys",
  // After the records: triggers count each deletion here.
  "counter_changes",
  "counters",
] as const;

/** What is left of a tenant that must be erased: rows of the tables, objects, and the data of events. */
const COUNT = `
  SELECT ${TABLES.map((table) => `(SELECT count(*) FROM ${table} WHERE tenant_id = $1)::int AS ${table}`).join(", ")},
    (SELECT count(*) FROM stored_objects WHERE tenant_id = $1 AND committed_at IS NOT NULL)::int AS objects,
    greatest((SELECT count(*) FROM audit_events WHERE tenant_id = $1 AND data IS NOT NULL),
             (SELECT count(*) FROM events WHERE tenant_id = $1 AND data IS NOT NULL))::int AS "data of events"`;

export async function countTenant(client: pg.Client, tenantId: string): Promise<Counts> {
  const { rows } = await client.query<Counts>(COUNT, [tenantId]);
  return withoutZeros(rows[0] ?? {});
}

/** Requests that began before the command may write during the first passes. */
const PASSES = 5;

/**
 * Erases all rows and objects of a tenant, and the data of its events, beside running processes. The events stay without their data,
 * so that the chain still verifies.
 *
 * Safe to stop between any two statements and to repeat: every statement looks for what is left by `tenant_id` alone.
 *
 * @returns what is left because clients still write to the tenant.
 */
export async function eraseTenant(client: pg.Client, tenantId: string): Promise<Counts> {
  let left: Counts = {};
  for (let pass = 1; pass <= PASSES; pass += 1) {
    await deleteRows(client, tenantId);
    await waitForReaders(client, [...TABLES]);
    await inBatches(client, ORPHAN_OBJECTS, [tenantId]);
    await eraseEventsOf(client, tenantId);
    left = await countTenant(client, tenantId);
    if (Object.keys(left).length === 0) break;
  }
  return left;
}

async function deleteRows(client: pg.Client, tenantId: string): Promise<void> {
  for (const table of TABLES) {
    const sql = `
      DELETE FROM ${table} WHERE tenant_id = $1 AND ctid = ANY (ARRAY(
        SELECT ctid FROM ${table} WHERE tenant_id = $1 LIMIT ${BATCH}))`;
    try {
      await inBatches(client, sql, [tenantId]);
    } catch (error) {
      // A request has just added a row that refers to one of these. The next pass deletes both.
      if ((error as { code?: string }).code !== "23503") throw error;
    }
  }
}

/** The orphan sweeper deletes the objects, then these rows. After the rows that name the objects, so that no reader misses one. */
const ORPHAN_OBJECTS = `
  UPDATE stored_objects SET owner = 'orphan:' || split_part(owner, ':', 2), committed_at = NULL
  WHERE key = ANY (ARRAY(
    SELECT key FROM stored_objects WHERE tenant_id = $1 AND committed_at IS NOT NULL LIMIT ${BATCH}))`;
