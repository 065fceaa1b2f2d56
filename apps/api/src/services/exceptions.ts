import {
  EXCEPTION_SEVERITIES,
  EXCEPTION_STATUSES,
  notFound,
  type ExceptionFilters,
} from "@docket/domain";
import { Prisma, type Transaction } from "@docket/platform/database";
import { afterPosition, orderBy, rank, type Order, type SortKeys } from "../lists/keyset.ts";
import type { Position } from "../lists/pagination.ts";

/** An exception with what it is about and what contests it. */
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

export type ExceptionSort = "createdAt" | "updatedAt" | "severity" | "status" | "dueAt" | "id";

/** The indexes that serve these are in prisma/migrations/20261123030000_exception_lists. */
export const EXCEPTION_SORTS: SortKeys<ExceptionRow, ExceptionSort> = {
  createdAt: {
    sql: Prisma.sql`created_at`,
    kind: "instant",
    of: ({ createdAt }) => createdAt.toISOString(),
  },
  updatedAt: {
    sql: Prisma.sql`updated_at`,
    kind: "instant",
    of: ({ updatedAt }) => updatedAt.toISOString(),
  },
  severity: rank("severity", EXCEPTION_SEVERITIES, ({ severity }) => severity),
  status: rank("status", EXCEPTION_STATUSES, ({ status }) => status),
  // What is due at no time is due after everything else: last, and first when descending. Not by coalesce, which Postgres
  // does not count as leakproof, and so would keep out of an index condition under row-level security.
  dueAt: {
    sql: Prisma.sql`CASE WHEN due_at IS NULL THEN 'infinity'::timestamptz ELSE due_at END`,
    kind: "never",
    of: ({ dueAt }) => dueAt?.toISOString() ?? null,
  },
  id: { sql: Prisma.sql`id`, kind: "id", of: ({ id }) => id },
};

/** One row more than `limit`, so that it is known whether there are more. @throws DocketError `bad_request` for a made-up cursor. */
export async function listExceptions(
  within: Transaction,
  filters: ExceptionFilters,
  order: Order<ExceptionSort>,
  page: { readonly limit: number; readonly after?: Position },
): Promise<ExceptionRow[]> {
  const where = [...conditions(filters), ...afterPosition(EXCEPTION_SORTS, order, page.after)];
  return within.$queryRaw<ExceptionRow[]>`
    ${SELECT}
    ${where.length === 0 ? Prisma.empty : Prisma.sql`WHERE ${Prisma.join(where, " AND ")}`}
    ORDER BY ${orderBy(EXCEPTION_SORTS, order)}
    LIMIT ${page.limit + 1}`;
}

/** @throws DocketError `not_found`, also for another tenant's. */
export async function findException(within: Transaction, id: string): Promise<ExceptionRow> {
  const [row] = await within.$queryRaw<ExceptionRow[]>`${SELECT} WHERE id = ${id}::uuid`;
  if (row === undefined) throw notFound("exception");
  return row;
}

/**
 * All of an exception in one statement, so that its parts agree with each other. What is not in its own table are scalar
 * subqueries: they are looked up by index once for each row that is shown, after the sort and the limit.
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

function conditions(filters: ExceptionFilters): Prisma.Sql[] {
  const { contextId, status, severity, dateFrom, dateTo } = filters;
  return [
    contextId && Prisma.sql`context_id = ${contextId}::uuid`,
    status && Prisma.sql`status IN (${Prisma.join([...status])})`,
    severity && Prisma.sql`severity IN (${Prisma.join([...severity])})`,
    dateFrom && Prisma.sql`created_at >= ${`${dateFrom}T00:00:00Z`}::timestamptz`,
    dateTo && Prisma.sql`created_at < ${`${dateTo}T00:00:00Z`}::timestamptz + interval '1 day'`,
  ].filter((each): each is Prisma.Sql => typeof each === "object");
}
