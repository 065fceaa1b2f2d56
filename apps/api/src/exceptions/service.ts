import {
  EXCEPTION_SEVERITIES,
  EXCEPTION_STATUSES,
  notFound,
  type ExceptionFilters,
} from "@docket/domain";
import { Prisma, type Transaction } from "@docket/platform/database";
import { createdOn, where } from "../lists/filters.ts";
import { idKey, instantKey, rankKey, type SortedWindow, type SortKeys } from "../lists/keyset.ts";

/** An exception with its transaction and its disputes. */
export type ExceptionRow = {
  readonly id: string;
  readonly contextId: string;
  readonly transactionId: string;
  readonly severity: string;
  readonly status: string;
  readonly reason: string | null;
  readonly assignedTo: string | null;
  readonly dueAt: Date | null;
  readonly resolutionType: string | null;
  readonly resolutionNotes: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly transaction: {
    readonly id: string;
    readonly sourceId: string;
    readonly sourceName: string;
    readonly externalId: string;
    readonly amount: string;
    readonly currency: string;
    readonly date: string;
    readonly description: string | null;
    readonly status: string;
  };
  readonly disputes: readonly { readonly id: string; readonly state: string }[];
};

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
    ${SELECT} ${where(conditions)} ORDER BY ${orderBy} LIMIT ${take}`;
}

/** @throws DocketError `not_found`, also for an exception of another tenant. */
export async function findException(tx: Transaction, id: string): Promise<ExceptionRow> {
  const [row] = await tx.$queryRaw<ExceptionRow[]>`${SELECT} WHERE id = ${id}::uuid`;
  if (row === undefined) throw notFound("exception");
  return row;
}

/**
 * Reads an exception in one statement, so that its parts are consistent. Other tables are read by scalar subqueries, because
 * those run after the sort and the limit: one index lookup for each row of the page.
 */
const SELECT = Prisma.sql`
  SELECT id, context_id AS "contextId", transaction_id AS "transactionId", severity, status, reason,
         assigned_to AS "assignedTo", due_at AS "dueAt", resolution_type AS "resolutionType",
         resolution_notes AS "resolutionNotes", created_at AS "createdAt", updated_at AS "updatedAt",
         (SELECT json_build_object('id', t.id, 'sourceId', t.source_id, 'sourceName', s.name,
                   'externalId', t.external_id, 'amount', trim_scale(t.amount)::text, 'currency', t.currency,
                   'date', to_char(t.date AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                   'description', t.description, 'status', t.status)
          FROM transactions t JOIN sources s ON s.tenant_id = t.tenant_id AND s.id = t.source_id
          WHERE t.tenant_id = e.tenant_id AND t.id = e.transaction_id) AS transaction,
         coalesce((SELECT json_agg(json_build_object('id', d.id, 'state', d.state) ORDER BY d.created_at, d.id)
          FROM disputes d WHERE d.tenant_id = e.tenant_id AND d.exception_id = e.id), '[]') AS disputes
  FROM exceptions e`;
