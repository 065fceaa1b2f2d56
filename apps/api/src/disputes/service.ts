import {
  applyDisputeCommand,
  notFound,
  startDispute,
  type CreateDisputeRequest,
  type DisputeCommand,
  type DisputeEvent,
  type DisputeState,
} from "@docket/domain";
import { currentTenant, type Prisma, type Transaction } from "@docket/platform/database";
import { recordAudit, type Actor } from "@docket/platform/rows";
import { instantAfter, lockRows } from "../changes/lock.ts";
import { requireMatch, type IfMatch } from "../http/etag.ts";

export type DisputeRow = Prisma.DisputeGetPayload<object>;
export type EvidenceRow = Prisma.EvidenceGetPayload<object>;

/** A dispute and its evidence at one version. */
export type FullDispute = { readonly row: DisputeRow; readonly evidence: readonly EvidenceRow[] };

/** The path of a dispute, which is also its subject in the audit trail. */
export const disputePath = (id: string): string => `/v1/disputes/${id}`;

/**
 * Inserts a dispute, OPEN or DRAFT, with its first history event and its audit event.
 *
 * @throws DocketError `not_found` for the exception, also for one of another tenant.
 */
export async function createDispute(
  tx: Transaction,
  exceptionId: string,
  { category, description, draft = false }: CreateDisputeRequest,
  by: Actor,
): Promise<FullDispute> {
  const exception = await tx.exception.findFirst({
    where: { id: exceptionId },
    select: { contextId: true },
  });
  if (exception === null) throw notFound("exception");
  const [{ now }] = await tx.$queryRaw<[{ now: Date }]>`SELECT clock_timestamp() AS now`;
  const { event, ...first } = startDispute({ draft }, { actor: by.actor, at: now });
  const row = await tx.dispute.create({
    data: {
      tenantId: currentTenant(),
      contextId: exception.contextId,
      exceptionId,
      category,
      description,
      openedBy: by.actor,
      createdAt: now,
      updatedAt: now,
      ...first,
    },
  });
  await recordChange(tx, row.id, event, by);
  return { row, evidence: [] };
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
 * Applies `command` to a locked dispute. The row, the history event and the audit event commit together.
 *
 * @throws DocketError `invalid_dispute_transition`.
 */
export async function changeLocked(
  tx: Transaction,
  { row, at }: LockedDispute,
  command: DisputeCommand,
  by: Actor,
): Promise<FullDispute> {
  const current = { ...row, state: row.state as DisputeState };
  const { changes, event } = applyDisputeCommand(current, command, { actor: by.actor, at });
  const changed = await tx.dispute.update({
    where: { tenantId_id: { tenantId: row.tenantId, id: row.id } },
    data: changes,
  });
  await recordChange(tx, row.id, event, by);
  return withEvidence(tx, changed);
}

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
 * Adds the evidence of `row`'s version, oldest first. No transaction is needed: evidence is never removed, and evidence that
 * was added after `row` was read has a later instant than `row`.
 */
export async function withEvidence(tx: Transaction, row: DisputeRow): Promise<FullDispute> {
  const evidence = await tx.evidence.findMany({
    where: { disputeId: row.id, submittedAt: { lte: row.updatedAt } },
    orderBy: [{ submittedAt: "asc" }, { id: "asc" }],
  });
  return { row, evidence };
}

async function recordChange(
  tx: Transaction,
  disputeId: string,
  event: DisputeEvent<Date>,
  by: Actor,
): Promise<void> {
  await tx.disputeEvent.create({ data: { tenantId: currentTenant(), disputeId, ...event } });
  await recordAudit(tx, by, `dispute.${event.type}`, disputePath(disputeId));
}
