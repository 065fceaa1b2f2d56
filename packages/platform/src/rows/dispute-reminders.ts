import { AWAITING_STATES, disputeEventData, disputePath, REMINDER_HOURS } from "@docket/domain";
import { Prisma, type Database, type Transaction } from "../database/index.ts";
import { recordEvents, type NewEvent } from "./events/index.ts";

/** Disputes of one tenant. */
export type DueReminders = { readonly tenantId: string; readonly ids: readonly string[] };

/** At most `limit` disputes whose next reminder is due, by tenant. The tenants take turns. */
export async function findDueReminders(
  pool: Database["pool"],
  limit: number,
): Promise<readonly DueReminders[]> {
  const { rows } = await pool.query<DueReminders>(
    `SELECT tenant_id AS "tenantId", array_agg(id) AS ids FROM upkeep_due_reminders($1) GROUP BY tenant_id`,
    [limit],
  );
  return rows;
}

/** The reminder that follows each one. */
const NEXT = Prisma.raw(
  `CASE due.reminder_hours ${REMINDER_HOURS.slice(0, -1)
    .map((hours, place) => `WHEN ${hours} THEN ${REMINDER_HOURS[place + 1]}`)
    .join(" ")} END`,
);

type Sent = { readonly id: string; readonly hours: number; readonly now: Date };

/**
 * Sends the next reminder of each dispute for which one is due: writes its event and schedules the following one. Returns how many
 * were sent.
 *
 * A dispute that another transaction has locked is left to a later run, so that it does not delay the others; a second worker
 * therefore skips what the first one is sending. The primary key of `dispute_reminders` refuses a reminder that was sent before for
 * the same `respond_by`. All of it is one transaction, so a crash sends everything or nothing.
 */
export async function sendReminders(tx: Transaction, ids: readonly string[]): Promise<number> {
  const sent = await tx.$queryRaw<Sent[]>`
    WITH due AS (
      SELECT tenant_id, id, respond_by, reminder_hours FROM disputes
      WHERE id = ANY (${ids}::uuid[]) AND state IN (${Prisma.join([...AWAITING_STATES])}) AND remind_at <= now()
      FOR UPDATE SKIP LOCKED),
    sent AS (
      INSERT INTO dispute_reminders (tenant_id, dispute_id, respond_by, hours)
      SELECT tenant_id, id, respond_by, reminder_hours FROM due
      ON CONFLICT DO NOTHING
      RETURNING tenant_id, dispute_id, hours),
    scheduled AS (
      UPDATE disputes d
      SET reminder_hours = ${NEXT}, remind_at = due.respond_by - make_interval(hours => ${NEXT})
      FROM due WHERE d.tenant_id = due.tenant_id AND d.id = due.id)
    SELECT dispute_id AS id, hours, now() FROM sent`;
  if (sent.length > 0) await recordEvents(tx, {}, await eventsOf(tx, sent));
  return sent.length;
}

async function eventsOf(tx: Transaction, sent: readonly Sent[]): Promise<NewEvent[]> {
  const ids = sent.map(({ id }) => id);
  const rows = await tx.dispute.findMany({ where: { id: { in: ids } } });
  const evidence = await tx.evidence.findMany({
    where: { disputeId: { in: ids } },
    select: { disputeId: true, kind: true },
  });
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  const kindsOf = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const { disputeId, kind } of evidence) kindsOf.get(disputeId)?.push(kind);
  return sent.map(({ id, hours, now }) => {
    const data = disputeEventData(rowOf.get(id)!, kindsOf.get(id)!, now);
    return {
      type: hours === 0 ? "dispute.overdue" : "dispute.due-soon",
      subject: disputePath(id),
      data: hours === 0 ? data : { ...data, hoursLeft: hours },
    };
  });
}
