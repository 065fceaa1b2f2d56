import { EXCEPTION_SEVERITIES, EXCEPTION_STATUSES, type ExceptionFilters } from "@docket/domain";
import { Prisma, type Transaction } from "@docket/platform/database";
import { createdOn, where } from "../lists/filters.ts";
import { idKey, instantKey, rankKey, type SortedWindow, type SortKeys } from "../lists/keyset.ts";
import { selectExceptions, type ExceptionRow } from "./service.ts";

/** Their indexes are in prisma/migrations/20261123030000_exception_lists. */
export const EXCEPTION_SORTS = {
  createdAt: instantKey("created_at", ({ createdAt }) => createdAt),
  updatedAt: instantKey("updated_at", ({ updatedAt }) => updatedAt),
  severity: rankKey("severity", EXCEPTION_SEVERITIES, ({ severity }) => severity),
  status: rankKey("status", EXCEPTION_STATUSES, ({ status }) => status),
  // An exception without a due date sorts after all others. CASE instead of coalesce, because coalesce is not leakproof, and
  // row-level security allows only leakproof expressions in an index condition.
  dueAt: {
    sql: Prisma.sql`CASE WHEN due_at IS NULL THEN 'infinity'::timestamptz ELSE due_at END`,
    kind: "nullable-instant",
    of: ({ dueAt }) => dueAt?.toISOString() ?? null,
  },
  id: idKey(({ id }) => id),
} satisfies SortKeys<ExceptionRow>;

/** One page of the tenant's exceptions. */
export function listExceptions(
  tx: Transaction,
  filters: ExceptionFilters,
  { after, orderBy, take }: SortedWindow,
): Promise<ExceptionRow[]> {
  const { contextId, status, severity } = filters;
  const conditions = [
    contextId && Prisma.sql`context_id = ${contextId}::uuid`,
    status && Prisma.sql`status IN (${Prisma.join([...status])})`,
    severity && Prisma.sql`severity IN (${Prisma.join([...severity])})`,
    ...createdOn(filters),
    after,
  ];
  return tx.$queryRaw<ExceptionRow[]>`
    ${selectExceptions} ${where(conditions)} ORDER BY ${orderBy} LIMIT ${take}`;
}
