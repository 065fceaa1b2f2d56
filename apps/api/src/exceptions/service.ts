import { MAX_EMBEDDED_DISPUTES, notFound } from "@docket/domain";
import { Prisma, type Transaction } from "@docket/platform/database";

/** The path of an exception, which is also the subject of its events. */
export const exceptionPath = (id: string): string => `/v1/exceptions/${id}`;

/** An exception with its transaction and its latest disputes. */
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
  readonly resolvedAt: Date | null;
  readonly version: number;
  /** The sort key of the transaction's amount. */
  readonly amountKey: string;
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
  /** Newest first. */
  readonly disputes: readonly { readonly id: string; readonly state: string }[];
};

/**
 * Reads an exception in one statement, so that its parts are consistent. Other tables are read by scalar subqueries, because
 * those run after the sort and the limit: one index lookup for each row of the page.
 */
export const selectExceptions = Prisma.sql`
  SELECT id, context_id AS "contextId", transaction_id AS "transactionId", severity, status, reason,
         assigned_to AS "assignedTo", due_at AS "dueAt", resolution_type AS "resolutionType",
         resolution_notes AS "resolutionNotes", version, amount_key AS "amountKey",
         CASE WHEN status = 'RESOLVED' THEN coalesce(resolved_at, updated_at) END AS "resolvedAt", created_at AS "createdAt", updated_at AS "updatedAt",
         (SELECT json_build_object('id', t.id, 'sourceId', t.source_id, 'sourceName', s.name,
                   'externalId', t.external_id, 'amount', trim_scale(t.amount)::text, 'currency', t.currency,
                   'date', to_char(t.date AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                   'description', t.description, 'status', t.status)
          FROM transactions t JOIN sources s ON s.tenant_id = t.tenant_id AND s.id = t.source_id
          WHERE t.tenant_id = e.tenant_id AND t.id = e.transaction_id) AS transaction,
         coalesce((SELECT json_agg(json_build_object('id', d.id, 'state', d.state) ORDER BY d.created_at DESC, d.id DESC)
          FROM (SELECT id, state, created_at FROM disputes WHERE tenant_id = e.tenant_id AND exception_id = e.id
                ORDER BY created_at DESC, id DESC LIMIT ${MAX_EMBEDDED_DISPUTES}) d), '[]') AS disputes
  FROM exceptions e`;

/** @throws DocketError `not_found`, also for an exception of another tenant. */
export async function findException(tx: Transaction, id: string): Promise<ExceptionRow> {
  const [row] = await tx.$queryRaw<ExceptionRow[]>`${selectExceptions} WHERE id = ${id}::uuid`;
  if (row === undefined) throw notFound("exception");
  return row;
}

/** Exceptions by ID. Unknown IDs are left out. */
export async function findExceptions(
  tx: Transaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ExceptionRow>> {
  const rows = await tx.$queryRaw<
    ExceptionRow[]
  >`${selectExceptions} WHERE id = ANY (${[...ids]}::uuid[])`;
  return new Map(rows.map((row) => [row.id, row]));
}
