import { EXCEPTION_SEVERITIES, EXCEPTION_STATUSES, type ExceptionFilters } from "@docket/domain";
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
import { selectExceptions, type ExceptionRow } from "./service.ts";

/**
 * An exception without a due date sorts after all others. CASE instead of coalesce, because coalesce is not leakproof, and
 * row-level security allows only leakproof expressions in an index condition.
 */
const DUE = Prisma.sql`CASE WHEN due_at IS NULL THEN 'infinity'::timestamptz ELSE due_at END`;

/** Their indexes are in the migrations 20261123030000_exception_lists and 20261127171100_exception_filter_indexes. */
export const EXCEPTION_SORTS = {
  createdAt: instantKey("created_at", ({ createdAt }) => createdAt),
  updatedAt: instantKey("updated_at", ({ updatedAt }) => updatedAt),
  severity: rankKey("severity", EXCEPTION_SEVERITIES, ({ severity }) => severity),
  status: rankKey("status", EXCEPTION_STATUSES, ({ status }) => status),
  dueAt: { sql: DUE, kind: "nullable-instant", of: ({ dueAt }) => dueAt?.toISOString() ?? null },
  amount: amountKey("amount_key", (row) => row.amountKey),
  id: idKey(({ id }) => id),
} satisfies SortKeys<ExceptionRow>;

/** One page of the tenant's exceptions, read while the page is iterated. @param now decides what is overdue. */
export function listExceptions(
  tx: Transaction,
  filters: ExceptionFilters,
  window: SortedWindow<ExceptionRow>,
  now: Date,
): AsyncIterable<ExceptionRow> {
  const conditions = [...fieldConditions(filters), ...dueConditions(filters, now)];
  return inChunks(window, async function* ({ after, orderBy, take }) {
    yield* await tx.$queryRaw<ExceptionRow[]>`
      ${selectExceptions} ${where([...conditions, after])} ORDER BY ${orderBy} LIMIT ${take}`;
  });
}

function fieldConditions(filters: ExceptionFilters): readonly Condition[] {
  const { contextId, status, severity, assignedTo, unassigned, sourceId, currency, externalId } =
    filters;
  return [
    contextId && Prisma.sql`context_id = ${contextId}::uuid`,
    status && Prisma.sql`status IN (${Prisma.join([...status])})`,
    severity && Prisma.sql`severity IN (${Prisma.join([...severity])})`,
    ...createdOn(filters),
    assignedTo && Prisma.sql`assigned_to = ${assignedTo}`,
    ...assignment(unassigned),
    sourceId && Prisma.sql`source_id = ${sourceId}::uuid`,
    currency && Prisma.sql`currency = ${currency}`,
    // The arrays make Postgres look up the few transactions first, by their unique key.
    externalId &&
      Prisma.sql`transaction_id = ANY (ARRAY(
        SELECT t.id FROM transactions t
        WHERE t.source_id = ANY (ARRAY(SELECT s.id FROM sources s)) AND t.external_id = ${externalId}))`,
  ];
}

/** The conditions use the expressions of the sort and of the partial index, so that their indexes serve them. */
const dueConditions = (
  { overdue, dueBefore }: ExceptionFilters,
  now: Date,
): readonly Condition[] => [
  overdue === true && Prisma.sql`status <> 'RESOLVED' AND due_at IS NOT NULL AND ${DUE} < ${now}`,
  overdue === false && Prisma.sql`(status = 'RESOLVED' OR ${DUE} >= ${now})`,
  dueBefore && Prisma.sql`${DUE} < ${dueBefore}::timestamptz`,
];
