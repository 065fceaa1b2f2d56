import {
  act,
  begin,
  notFound,
  type CreateDisputeRequest,
  type DisputeHappening,
  type DisputeState,
  type DisputeStep,
} from "@docket/domain";
import { currentTenant, type Prisma, type Transaction } from "@docket/platform/database";
import { recordAudit, type Actor } from "@docket/platform/rows";
import { requireMatch, type IfMatch } from "../http/etag.ts";

export type DisputeRow = Prisma.DisputeGetPayload<object>;
export type EvidenceRow = Prisma.EvidenceGetPayload<object>;
export type DisputeEventRow = Prisma.DisputeEventGetPayload<object>;

/** A dispute and its evidence at one version. */
export type FullDispute = { readonly row: DisputeRow; readonly evidence: readonly EvidenceRow[] };

/** What a dispute is called in the audit trail: its path. */
export const disputePath = (id: string): string => `/v1/disputes/${id}`;

/**
 * Writes down a new dispute, OPEN or DRAFT, with the event that its history begins with and its audit event.
 *
 * @throws DocketError `not_found` for the exception, also for another tenant's.
 */
export async function createDispute(
  within: Transaction,
  exceptionId: string,
  { category, description, draft = false }: CreateDisputeRequest,
  by: Actor,
): Promise<FullDispute> {
  const exception = await within.exception.findFirst({
    where: { id: exceptionId },
    select: { contextId: true },
  });
  if (exception === null) throw notFound("exception");
  const [{ now }] = await within.$queryRaw<[{ now: Date }]>`SELECT clock_timestamp() AS now`;
  const { event, ...first } = begin({ draft }, { actor: by.actor, at: now });
  const row = await within.dispute.create({
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
  await record(within, row.id, event, by);
  return { row, evidence: [] };
}

/** A dispute that is locked, and the instant of the change to come. */
export type LockedDispute = { readonly row: DisputeRow; readonly at: Date };

/**
 * Takes the dispute's row lock, which the transaction holds to its end: changes to one dispute happen one after the other,
 * and whoever comes second sees what the first one left.
 *
 * Each change gets an instant later than the one before it, by at least a millisecond: their order, and that of the evidence,
 * is the order of the locks, whatever the clocks say.
 *
 * @throws DocketError `not_found`, `precondition_failed`.
 */
export async function lockDispute(
  within: Transaction,
  id: string,
  ifMatch: IfMatch,
): Promise<LockedDispute> {
  // FOR UPDATE is what makes two at once safe. Read after it, the row is as the last holder of the lock committed it.
  const [locked] = await within.$queryRaw<{ now: Date }[]>`
    SELECT clock_timestamp() AS now FROM disputes WHERE id = ${id}::uuid FOR UPDATE`;
  const row = locked && (await within.dispute.findFirst({ where: { id } }));
  if (!locked || !row) throw notFound("dispute");
  requireMatch(ifMatch, row.version);
  return { row, at: new Date(Math.max(locked.now.getTime(), row.updatedAt.getTime() + 1)) };
}

/**
 * Does `step` to a dispute that is locked: the row, the history event and the audit event commit together.
 *
 * @throws DocketError `invalid_dispute_transition`.
 */
export async function changeLocked(
  within: Transaction,
  { row, at }: LockedDispute,
  step: DisputeStep,
  by: Actor,
): Promise<FullDispute> {
  const facts = { ...row, state: row.state as DisputeState };
  const { changes, event } = act(facts, step, { actor: by.actor, at });
  const changed = await within.dispute.update({
    where: { tenantId_id: { tenantId: row.tenantId, id: row.id } },
    data: changes,
  });
  await record(within, row.id, event, by);
  return withEvidence(within, changed);
}

/** Locks a dispute and does `step` to it. @throws DocketError `not_found`, `precondition_failed`, `invalid_dispute_transition`. */
export async function changeDispute(
  within: Transaction,
  id: string,
  step: DisputeStep,
  by: Actor,
  ifMatch: IfMatch,
): Promise<FullDispute> {
  return changeLocked(within, await lockDispute(within, id, ifMatch), step, by);
}

/** @throws DocketError `not_found`, also for another tenant's. */
export async function findDispute(within: Transaction, id: string): Promise<DisputeRow> {
  const row = await within.dispute.findFirst({ where: { id } });
  if (row === null) throw notFound("dispute");
  return row;
}

/**
 * The evidence that belongs to `row`'s version, in the order it came. Evidence is only ever added, and each change has a later
 * instant than the one before it: so what came after `row` was read is known by its time, and no transaction is needed.
 */
export async function withEvidence(within: Transaction, row: DisputeRow): Promise<FullDispute> {
  const evidence = await within.evidence.findMany({
    where: { disputeId: row.id, submittedAt: { lte: row.updatedAt } },
    orderBy: [{ submittedAt: "asc" }, { id: "asc" }],
  });
  return { row, evidence };
}

/** Oldest first. @throws DocketError `not_found`. */
export async function disputeHistory(within: Transaction, id: string): Promise<DisputeEventRow[]> {
  await findDispute(within, id);
  return within.disputeEvent.findMany({ where: { disputeId: id }, orderBy: { version: "asc" } });
}

async function record(
  within: Transaction,
  disputeId: string,
  event: DisputeHappening<Date>,
  by: Actor,
): Promise<void> {
  await within.disputeEvent.create({ data: { tenantId: currentTenant(), disputeId, ...event } });
  await recordAudit(within, by, `dispute.${event.type}`, disputePath(disputeId));
}
