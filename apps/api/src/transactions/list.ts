import type { TransactionFilters } from "@docket/domain";
import { Prisma, type Transaction } from "@docket/platform/database";
import { findContext } from "../contexts/service.ts";
import { inDays, where, type Condition } from "../lists/filters.ts";
import { idKey, instantKey, type SortedWindow, type SortKeys } from "../lists/keyset.ts";
import { requireSourceOf } from "../sources/service.ts";

/** A transaction in the list. */
export type TransactionRow = {
  readonly id: string;
  readonly sourceId: string;
  readonly externalId: string;
  readonly amount: string;
  readonly currency: string;
  readonly date: Date;
  readonly description: string | null;
  readonly status: string;
  readonly exceptionId: string | null;
};

/** The index is transactions_by_date, or transactions_not_matched. */
export const TRANSACTION_SORTS = {
  date: instantKey("date", ({ date }) => date),
  id: idKey(({ id }) => id),
} satisfies SortKeys<TransactionRow>;

/**
 * One page of a context's transactions.
 *
 * @throws DocketError `not_found`, also for another tenant's context; `bad_request` for a source of another context.
 */
export async function listTransactions(
  tx: Transaction,
  contextId: string,
  filters: TransactionFilters,
  { after, orderBy, take }: SortedWindow<TransactionRow>,
): Promise<TransactionRow[]> {
  await findContext(tx, contextId);
  const { sourceId } = filters;
  if (sourceId !== undefined) await requireSourceOf(tx, contextId, sourceId);
  const conditions = [...conditionsOf(contextId, filters), after];
  // The exception is read by a scalar subquery, because that runs after the limit.
  return tx.$queryRaw<TransactionRow[]>`
    SELECT id, source_id AS "sourceId", external_id AS "externalId", trim_scale(amount)::text AS amount, currency, date,
           description, status,
           (SELECT e.id FROM exceptions e WHERE e.tenant_id = t.tenant_id AND e.transaction_id = t.id) AS "exceptionId"
    FROM transactions t ${where(conditions)} ORDER BY ${orderBy} LIMIT ${take}`;
}

function conditionsOf(contextId: string, filters: TransactionFilters): readonly Condition[] {
  const { status, sourceId, currency, externalId } = filters;
  return [
    Prisma.sql`context_id = ${contextId}::uuid`,
    status && Prisma.sql`status IN (${Prisma.join([...status])})`,
    sourceId && Prisma.sql`source_id = ${sourceId}::uuid`,
    currency && Prisma.sql`currency = ${currency}`,
    // The context's sources make Postgres look the transactions up by their unique key.
    externalId &&
      Prisma.sql`external_id = ${externalId}
        AND source_id = ANY (ARRAY(SELECT s.id FROM sources s WHERE s.context_id = ${contextId}::uuid))`,
    ...inDays("date", filters),
  ];
}
