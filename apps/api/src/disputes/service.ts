import {
  applyDisputeCommand,
  assertAtMost,
  disputeEventData,
  disputePath,
  notFound,
  startDispute,
  type CreateDisputeRequest,
  type CurrentDispute,
  type DisputeCommand,
  type DisputeEvent,
  type EventType,
} from "@docket/domain";
import { currentTenant, type Prisma, type Transaction } from "@docket/platform/database";
import { recordEvent, type Actor } from "@docket/platform/rows";
import { instantAfter, lockRows } from "../changes/lock.ts";
import { requireMatch, type IfMatch } from "../http/etag.ts";
import { scheduleReminders } from "./reminders.ts";

export type DisputeRow = Prisma.DisputeGetPayload<object>;
export type DisputeEventRow = Prisma.DisputeEventGetPayload<object>;
export type EvidenceRow = Prisma.EvidenceGetPayload<object>;

/** A dispute and its evidence at one version. */
export type FullDispute = { readonly row: DisputeRow; readonly evidence: readonly EvidenceRow[] };

/**
 * Inserts a dispute, OPEN or DRAFT, with its first history event and its event in the feed.
 *
 * @throws DocketError `not_found` for the exception, also for one of another tenant; `invalid_field` for an amount above the
 * transaction's.
 */
export async function createDispute(
  tx: Transaction,
  exceptionId: string,
  { draft = false, ...fields }: CreateDisputeRequest,
  by: Actor,
): Promise<FullDispute> {
  const { contextId, ...stake } = await stakeOf(tx, exceptionId);
  const { disputedAmount = stake.amount } = fields;
  assertAtMost("disputedAmount", disputedAmount, stake.amount);
  const [{ now }] = await tx.$queryRaw<[{ now: Date }]>`SELECT clock_timestamp() AS now`;
  const { event, ...first } = startDispute({ draft }, { actor: by.actor, at: now });
  const row = await tx.dispute.create({
    data: {
      tenantId: currentTenant(),
      contextId,
      exceptionId,
      ...fields,
      disputedAmount,
      currency: stake.currency,
      ...scheduleReminders(fields.respondBy, now),
      openedBy: by.actor,
      createdAt: now,
      updatedAt: now,
      ...first,
    },
  });
  const dispute = { row, evidence: [] };
  await recordChange(tx, dispute, event, by);
  return dispute;
}

/** What an exception's disputes can be about. `amount` is absolute. */
type Stake = { readonly contextId: string; readonly amount: string; readonly currency: string };

async function stakeOf(tx: Transaction, exceptionId: string): Promise<Stake> {
  const exception = await tx.exception.findFirst({
    where: { id: exceptionId },
    select: { contextId: true, transaction: { select: { amount: true, currency: true } } },
  });
  if (exception === null) throw notFound("exception");
  const { amount, currency } = exception.transaction;
  return { contextId: exception.contextId, amount: amount.abs().toFixed(), currency };
}

/** A locked dispute, and the instant of the next change. */
export type LockedDispute = { readonly row: DisputeRow; readonly at: Date };

/**
 * Locks the dispute's row until the end of the transaction, so that its changes are serialized. History and evidence are
 * ordered like the locks.
 *
 * @throws DocketError `not_found`, `precondition_failed`.
 */
export async function lockDispute(
  tx: Transaction,
  id: string,
  ifMatch: IfMatch,
): Promise<LockedDispute> {
  const [lock] = await lockRows(tx, "disputes", [id]);
  const row = lock && (await tx.dispute.findFirst({ where: { id } }));
  if (!lock || !row) throw notFound("dispute");
  requireMatch(ifMatch, row.version);
  return { row, at: instantAfter(lock, row) };
}

/**
 * Applies `command` to a locked dispute. The row, the history event and the event in the feed commit together. An update that changes
 * nothing writes nothing.
 *
 * @throws DocketError `invalid_dispute_transition`, `history_limit_reached`; `invalid_field` for an amount above its limit.
 */
export async function changeLocked(
  tx: Transaction,
  { row, at }: LockedDispute,
  command: DisputeCommand,
  by: Actor,
): Promise<FullDispute> {
  const change = applyDisputeCommand(currentOf(row), command, { actor: by.actor, at });
  if (change === undefined) return withEvidence(tx, row);
  const { changes, event } = change;
  if (command.action === "update" && changes.disputedAmount !== undefined) {
    const { amount } = await stakeOf(tx, row.exceptionId);
    assertAtMost("disputedAmount", changes.disputedAmount, amount);
  }
  const changed = await tx.dispute.update({
    where: { tenantId_id: { tenantId: row.tenantId, id: row.id } },
    data: { ...changes, ...reminderChanges(row, command, changes, at) },
  });
  const dispute = await withEvidence(tx, changed);
  await recordChange(tx, dispute, event, by);
  return dispute;
}

/** Setting the deadline, opening and reopening schedule the reminders anew. */
function reminderChanges(
  { respondBy }: DisputeRow,
  { action }: DisputeCommand,
  changes: { readonly respondBy?: string | null },
  at: Date,
) {
  if (changes.respondBy !== undefined) return scheduleReminders(changes.respondBy, at);
  return action === "open" || action === "reopen" ? scheduleReminders(respondBy, at) : {};
}

const currentOf = (row: DisputeRow): CurrentDispute => ({
  state: row.state as CurrentDispute["state"],
  version: row.version,
  category: row.category,
  description: row.description,
  disputedAmount: row.disputedAmount?.toFixed() ?? "0",
  respondBy: row.respondBy?.toISOString() ?? null,
  assignedTo: row.assignedTo,
  reference: row.reference,
});

/** Locks a dispute and applies `command`. @throws DocketError `not_found`, `precondition_failed`, `invalid_dispute_transition`. */
export async function changeDispute(
  tx: Transaction,
  id: string,
  command: DisputeCommand,
  by: Actor,
  ifMatch: IfMatch,
): Promise<FullDispute> {
  return changeLocked(tx, await lockDispute(tx, id, ifMatch), command, by);
}

/** @throws DocketError `not_found`, also for a dispute of another tenant. */
export async function findDispute(tx: Transaction, id: string): Promise<DisputeRow> {
  const row = await tx.dispute.findFirst({ where: { id } });
  if (row === null) throw notFound("dispute");
  return row;
}

/**
 * Adds the evidence of `row`'s version, oldest first. No transaction is needed: only an erasure removes evidence, and
 * evidence that was added after `row` was read has a later instant than `row`.
 */
export async function withEvidence(tx: Transaction, row: DisputeRow): Promise<FullDispute> {
  const evidence = await tx.evidence.findMany({
    where: { disputeId: row.id, submittedAt: { lte: row.updatedAt } },
    orderBy: [{ submittedAt: "asc" }, { id: "asc" }],
  });
  return { row, evidence };
}

/** The event of the dispute's current version. */
export const latestEvent = (tx: Transaction, { row }: FullDispute): Promise<DisputeEventRow> =>
  tx.disputeEvent.findFirstOrThrow({ where: { disputeId: row.id, version: row.version } });

async function recordChange(
  tx: Transaction,
  dispute: FullDispute,
  event: DisputeEvent<Date>,
  by: Actor,
): Promise<void> {
  const { id: disputeId } = dispute.row;
  await tx.disputeEvent.create({ data: { tenantId: currentTenant(), disputeId, ...event } });
  const outcome = event.to === "WON" ? "won" : "lost";
  const type = event.type === "closed" ? outcome : event.type;
  await recordDisputeEvent(tx, by, `dispute.${type}`, dispute, event);
}

/** Writes an event of a dispute. `evidenceId` is that of the evidence which the event is about. */
export const recordDisputeEvent = (
  tx: Transaction,
  by: Actor,
  type: EventType,
  { row, evidence }: FullDispute,
  { at, evidenceId }: { readonly at: Date; readonly evidenceId?: string },
): Promise<void> => {
  const kinds = evidence.map(({ kind }) => kind);
  const data = disputeEventData(row, kinds, at, evidenceId);
  return recordEvent(tx, by, { type, subject: disputePath(row.id), data });
};
