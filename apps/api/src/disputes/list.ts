import { DISPUTE_CATEGORIES, DISPUTE_STATES, type DisputeFilters } from "@docket/domain";
import { Prisma, type Transaction } from "@docket/platform/database";
import { createdOn, where } from "../lists/filters.ts";
import { idKey, instantKey, rankKey, type SortedWindow, type SortKeys } from "../lists/keyset.ts";
import type { DisputeRow, FullDispute } from "./service.ts";

/** Their indexes are in prisma/migrations/20261123010000_dispute_lists, except disputes_by_creation, which is older. */
export const DISPUTE_SORTS = {
  createdAt: instantKey("created_at", ({ row }) => row.createdAt),
  updatedAt: instantKey("updated_at", ({ row }) => row.updatedAt),
  state: rankKey("state", DISPUTE_STATES, ({ row }) => row.state),
  category: rankKey("category", DISPUTE_CATEGORIES, ({ row }) => row.category),
  id: idKey(({ row }) => row.id),
} satisfies SortKeys<FullDispute>;

/**
 * One page of the tenant's disputes, each with its evidence. The evidence is read in batches while the page is iterated, because
 * that of a whole page may be 65 MB.
 */
export async function* listDisputes(
  tx: Transaction,
  filters: DisputeFilters,
  { after, orderBy, take }: SortedWindow,
): AsyncGenerator<FullDispute> {
  const { state, category, exceptionId, contextId, openedBy } = filters;
  const conditions = [
    state && Prisma.sql`state IN (${Prisma.join([...state])})`,
    category && Prisma.sql`category IN (${Prisma.join([...category])})`,
    exceptionId && Prisma.sql`exception_id = ${exceptionId}::uuid`,
    contextId && Prisma.sql`context_id = ${contextId}::uuid`,
    openedBy && Prisma.sql`opened_by = ${openedBy}`,
    ...createdOn(filters),
    after,
  ];
  const rows = await tx.$queryRaw<DisputeRow[]>`
    SELECT id, tenant_id AS "tenantId", context_id AS "contextId", exception_id AS "exceptionId", category, state,
           description, opened_by AS "openedBy", opened_at AS "openedAt", resolution, closed_by AS "closedBy",
           closed_at AS "closedAt", reopen_reason AS "reopenReason", version, created_at AS "createdAt", updated_at AS "updatedAt"
    FROM disputes ${where(conditions)} ORDER BY ${orderBy} LIMIT ${take}`;
  for (let start = 0; start < rows.length; start += EVIDENCE_BATCH) {
    yield* await allWithEvidence(tx, rows.slice(start, start + EVIDENCE_BATCH));
  }
}

/** The number of disputes whose evidence is read in one query: at most about 5 MB. A page of the default size takes one. */
const EVIDENCE_BATCH = 25;

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
