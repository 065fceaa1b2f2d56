import { AWAITING_STATES, disputeEventData, disputePath, REMINDER_HOURS } from "@docket/domain";
import { Prisma, type Database, type Transaction } from "../database/index.ts";
import { recordEvent } from "./events/index.ts";

/** The disputes of all tenants whose next reminder is due; those that have waited longest come first. */
export async function findDueReminders(
  pool: Database["pool"],
  limit: number,
): Promise<readonly { readonly tenantId: string; readonly id: string }[]> {
  const { rows } = await pool.query<{ tenantId: string; id: string }>(
    `SELECT tenant_id AS "tenantId", id FROM upkeep_due_reminders($1)`,
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

/**
 * Sends the next reminder of a dispute if it is due: writes its event and schedules the following one. Returns true if it was sent.
 *
 * The row lock makes a second worker wait and then find nothing due. The primary key of `dispute_reminders` refuses a reminder that
 * was sent before for the same `respond_by`. All of it is one transaction, so a crash sends everything or nothing.
 */
export async function sendReminder(tx: Transaction, id: string): Promise<boolean> {
  const [sent] = await tx.$queryRaw<[{ hours: number; now: Date }?]>`
    WITH due AS (
      SELECT tenant_id, id, respond_by, reminder_hours FROM disputes
      WHERE id = ${id}::uuid AND state IN (${Prisma.join([...AWAITING_STATES])}) AND remind_at <= now()
      FOR UPDATE),
    sent AS (
      INSERT INTO dispute_reminders (tenant_id, dispute_id, respond_by, hours)
      SELECT tenant_id, id, respond_by, reminder_hours FROM due
      ON CONFLICT DO NOTHING
      RETURNING tenant_id, dispute_id, hours),
    scheduled AS (
      UPDATE disputes d
      SET reminder_hours = ${NEXT}, remind_at = due.respond_by - make_interval(hours => ${NEXT})
      FROM due WHERE d.tenant_id = due.tenant_id AND d.id = due.id)
    SELECT hours, now() FROM sent`;
  if (sent === undefined) return false;
  await recordReminder(tx, id, sent);
  return true;
}

async function recordReminder(
  tx: Transaction,
  id: string,
  { hours, now }: { readonly hours: number; readonly now: Date },
): Promise<void> {
  const row = await tx.dispute.findFirstOrThrow({ where: { id } });
  const evidence = await tx.evidence.findMany({ where: { disputeId: id }, select: { kind: true } });
  const kinds = evidence.map(({ kind }) => kind);
  const data = disputeEventData(row, kinds, now);
  await recordEvent(
    tx,
    {},
    {
      type: hours === 0 ? "dispute.overdue" : "dispute.due-soon",
      subject: disputePath(id),
      data: hours === 0 ? data : { ...data, hoursLeft: hours },
    },
  );
}
