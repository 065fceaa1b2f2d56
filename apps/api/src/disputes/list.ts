import {
  AWAITING_STATES,
  DISPUTE_CATEGORIES,
  DISPUTE_STATES,
  type DisputeFilters,
} from "@docket/domain";
import { Prisma, type Transaction } from "@docket/platform/database";
import { assignment, createdOn, where, type Condition } from "../lists/filters.ts";
import {
  amountKey,
  idKey,
  inChunks,
  instantKey,
  rankKey,
  type SortedWindow,
  type SortKeys,
} from "../lists/keyset.ts";
import type { DisputeRow, FullDispute } from "./service.ts";

const RESPONSE = Prisma.sql`CASE WHEN respond_by IS NULL THEN 'infinity'::timestamptz ELSE respond_by END`;

/** Literals, so that the planner can use the partial index of these states. */
const AWAITING = Prisma.raw(
  `state IN (${AWAITING_STATES.map((state) => `'${state}'`).join(", ")})`,
);

/**
 * Their indexes are in the migrations 20261123010000_dispute_lists and 20261127172100_dispute_detail_indexes, except
 * disputes_by_creation, which is older.
 */
export const DISPUTE_SORTS = {
  createdAt: instantKey("created_at", ({ row }) => row.createdAt),
  updatedAt: instantKey("updated_at", ({ row }) => row.updatedAt),
  state: rankKey("state", DISPUTE_STATES, ({ row }) => row.state),
  category: rankKey("category", DISPUTE_CATEGORIES, ({ row }) => row.category),
  respondBy: {
    sql: RESPONSE,
    // Disputes without a deadline come last in this direction too.
    descending: Prisma.sql`CASE WHEN respond_by IS NULL THEN '-infinity'::timestamptz ELSE respond_by END`,
    kind: "nullable-instant",
    of: ({ row }) => row.respondBy?.toISOString() ?? null,
  },
  disputedAmount: amountKey("amount_key", ({ row }) => row.amountKey),
  id: idKey(({ row }) => row.id),
} satisfies SortKeys<FullDispute>;

/**
 * One page of the tenant's disputes, each with its evidence. They are read while the page is iterated, because all rows of a page
 * and their evidence may be 65 MB.
 *
 * @param now decides what is overdue.
 */
export function listDisputes(
  tx: Transaction,
  filters: DisputeFilters,
  window: SortedWindow<FullDispute>,
  now: Date,
): AsyncIterable<FullDispute> {
  const conditions = [...fieldConditions(filters), ...deadlineConditions(filters, now)];
  return inChunks(window, (chunk) => readChunk(tx, conditions, chunk));
}

async function* readChunk(
  tx: Transaction,
  conditions: readonly Condition[],
  { after, orderBy, take }: SortedWindow<FullDispute>,
): AsyncGenerator<FullDispute> {
  const rows = await tx.$queryRaw<DisputeRow[]>`
    SELECT id, tenant_id AS "tenantId", context_id AS "contextId", exception_id AS "exceptionId", category, state,
           description, opened_by AS "openedBy", opened_at AS "openedAt", resolution, closed_by AS "closedBy",
           closed_at AS "closedAt", reopen_reason AS "reopenReason", disputed_amount AS "disputedAmount",
           recovered_amount AS "recoveredAmount", currency, respond_by AS "respondBy", assigned_to AS "assignedTo", reference,
           amount_key AS "amountKey", version, created_at AS "createdAt", updated_at AS "updatedAt"
    FROM disputes ${where([...conditions, after])} ORDER BY ${orderBy} LIMIT ${take}`;
  for (const batch of batchesOf(rows, await countEvidence(tx, rows)))
    yield* await allWithEvidence(tx, batch);
}

function fieldConditions(filters: DisputeFilters): readonly Condition[] {
  const { state, category, exceptionId, contextId, openedBy, assignedTo, unassigned, currency } =
    filters;
  return [
    state && Prisma.sql`state IN (${Prisma.join([...state])})`,
    category && Prisma.sql`category IN (${Prisma.join([...category])})`,
    exceptionId && Prisma.sql`exception_id = ${exceptionId}::uuid`,
    contextId && Prisma.sql`context_id = ${contextId}::uuid`,
    openedBy && Prisma.sql`opened_by = ${openedBy}`,
    assignedTo && Prisma.sql`assigned_to = ${assignedTo}`,
    currency && Prisma.sql`currency = ${currency}`,
    ...assignment(unassigned),
    ...createdOn(filters),
  ];
}

/** The conditions use the expressions of the sort and of the partial index, so that their indexes serve them. */
function deadlineConditions(
  { overdue, respondBefore }: DisputeFilters,
  now: Date,
): readonly Condition[] {
  return [
    overdue === true && Prisma.sql`${AWAITING} AND respond_by IS NOT NULL AND ${RESPONSE} < ${now}`,
    overdue === false && Prisma.sql`NOT (${AWAITING} AND ${RESPONSE} < ${now})`,
    respondBefore && Prisma.sql`${RESPONSE} < ${respondBefore}::timestamptz`,
  ];
}

/** A query for evidence reads no further dispute after this many pieces, which have up to 6 KB each. Most pages take one query. */
const EVIDENCE_BATCH = 100;

type Counts = ReadonlyMap<string, number>;

async function countEvidence(tx: Transaction, rows: readonly DisputeRow[]): Promise<Counts> {
  const counts = await tx.evidence.groupBy({
    by: ["disputeId"],
    where: { disputeId: { in: rows.map(({ id }) => id) } },
    _count: true,
  });
  return new Map(counts.map(({ disputeId, _count }) => [disputeId, _count]));
}

/** Splits the rows into batches that are read in one query each. */
function* batchesOf(rows: readonly DisputeRow[], counts: Counts): Generator<DisputeRow[]> {
  let batch: DisputeRow[] = [];
  let pieces = 0;
  for (const row of rows) {
    batch.push(row);
    pieces += counts.get(row.id) ?? 0;
    if (pieces < EVIDENCE_BATCH) continue;
    yield batch;
    [batch, pieces] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

/** Like {@link withEvidence}, in one query for all rows. */
async function allWithEvidence(
  tx: Transaction,
  rows: readonly DisputeRow[],
): Promise<FullDispute[]> {
  const all = await tx.evidence.findMany({
    where: { disputeId: { in: rows.map(({ id }) => id) } },
    orderBy: [{ disputeId: "asc" }, { submittedAt: "asc" }, { id: "asc" }],
  });
  return rows.map((row) => ({
    row,
    evidence: all.filter((e) => e.disputeId === row.id && e.submittedAt <= row.updatedAt),
  }));
}
