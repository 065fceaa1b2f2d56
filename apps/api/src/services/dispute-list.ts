import { DISPUTE_CATEGORIES, DISPUTE_STATES } from "@docket/domain";
import { Prisma, type Transaction } from "@docket/platform/database";
import { foreignCursor, type Position } from "../lists/pagination.ts";
import type { DisputeRow, FullDispute } from "./disputes.ts";

export const DISPUTE_SORTS = ["createdAt", "updatedAt", "state", "category", "id"] as const;

export type DisputeSort = (typeof DISPUTE_SORTS)[number];

/** What a list of disputes may be narrowed to; days are whole, and both are included. */
export type DisputeFilters = {
  readonly state?: readonly string[];
  readonly category?: readonly string[];
  readonly dateFrom?: string;
  readonly dateTo?: string;
  readonly exceptionId?: string;
  readonly contextId?: string;
  readonly openedBy?: string;
};

export type DisputeOrder = { readonly by: DisputeSort; readonly descending: boolean };

/**
 * States and categories sort in the order of the contract's lists. The text of these expressions is that of the indexes
 * disputes_by_state and disputes_by_category: Postgres takes an index for an expression only when both are the same.
 */
const KEYS: Readonly<Record<DisputeSort, Prisma.Sql>> = {
  createdAt: Prisma.sql`created_at`,
  updatedAt: Prisma.sql`updated_at`,
  state: Prisma.sql`CASE state WHEN 'DRAFT' THEN 0 WHEN 'OPEN' THEN 1 WHEN 'PENDING_EVIDENCE' THEN 2 WHEN 'WON' THEN 3 ELSE 4 END`,
  category: Prisma.sql`CASE category WHEN 'BANK_FEE_ERROR' THEN 0 WHEN 'UNRECOGNIZED_CHARGE' THEN 1 WHEN 'DUPLICATE_TRANSACTION' THEN 2 ELSE 3 END`,
  id: Prisma.sql`id`,
};

/** Where a row stands in the list: what a cursor after it says. */
export function positionOf({ row }: FullDispute, { by }: DisputeOrder): Position {
  const values: Readonly<Record<DisputeSort, string | number>> = {
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    state: (DISPUTE_STATES as readonly string[]).indexOf(row.state),
    category: (DISPUTE_CATEGORIES as readonly string[]).indexOf(row.category),
    id: row.id,
  };
  return { value: values[by], id: row.id };
}

/** One row more than `limit`, so that it is known whether there are more. @throws DocketError `bad_request` for a made-up cursor. */
export async function listDisputes(
  within: Transaction,
  filters: DisputeFilters,
  order: DisputeOrder,
  page: { readonly limit: number; readonly after?: Position },
): Promise<FullDispute[]> {
  const where = [...conditions(filters), ...afterCursor(order, page.after)];
  const direction = order.descending ? Prisma.sql`DESC` : Prisma.sql`ASC`;
  const key = KEYS[order.by];
  const rows = await within.$queryRaw<DisputeRow[]>`
    SELECT id, tenant_id AS "tenantId", context_id AS "contextId", exception_id AS "exceptionId", category, state,
           description, opened_by AS "openedBy", opened_at AS "openedAt", resolution, closed_by AS "closedBy",
           closed_at AS "closedAt", reopen_reason AS "reopenReason", version, created_at AS "createdAt", updated_at AS "updatedAt"
    FROM disputes
    ${where.length === 0 ? Prisma.empty : Prisma.sql`WHERE ${Prisma.join(where, " AND ")}`}
    ORDER BY ${key} ${direction}, id ${direction}
    LIMIT ${page.limit + 1}`;
  return withTheirEvidence(within, rows);
}

function conditions(filters: DisputeFilters): Prisma.Sql[] {
  const { state, category, dateFrom, dateTo, exceptionId, contextId, openedBy } = filters;
  return [
    state && Prisma.sql`state IN (${Prisma.join([...state])})`,
    category && Prisma.sql`category IN (${Prisma.join([...category])})`,
    dateFrom && Prisma.sql`created_at >= ${`${dateFrom}T00:00:00Z`}::timestamptz`,
    dateTo && Prisma.sql`created_at < ${`${dateTo}T00:00:00Z`}::timestamptz + interval '1 day'`,
    exceptionId && Prisma.sql`exception_id = ${exceptionId}::uuid`,
    contextId && Prisma.sql`context_id = ${contextId}::uuid`,
    openedBy && Prisma.sql`opened_by = ${openedBy}`,
  ].filter((each): each is Prisma.Sql => typeof each === "object");
}

/**
 * What comes after a cursor. A row that is there keeps its place whatever is added beside it, since the id makes the order
 * total. Compared as a row and not by an OR: only so does Postgres begin its index scan at the cursor.
 */
function afterCursor({ by, descending }: DisputeOrder, after: Position | undefined): Prisma.Sql[] {
  if (after === undefined) return [];
  const comparison = descending ? Prisma.sql`<` : Prisma.sql`>`;
  return [Prisma.sql`(${KEYS[by]}, id) ${comparison} (${keyValue(by, after)}, ${after.id}::uuid)`];
}

const INSTANT = /^(?!0000)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** A cursor can be made up: what it holds must fit its sort. */
function keyValue(by: DisputeSort, { value, id }: Position): Prisma.Sql {
  if (by === "createdAt" || by === "updatedAt") {
    const valid =
      typeof value === "string" && INSTANT.test(value) && !Number.isNaN(Date.parse(value));
    if (valid) return Prisma.sql`${value}::timestamptz`;
  } else if (by === "id") {
    if (value === id) return Prisma.sql`${id}::uuid`;
  } else if (typeof value === "number" && value >= 0 && value < 10 && Number.isInteger(value)) {
    return Prisma.sql`${value}::int`;
  }
  throw foreignCursor();
}

/** Each with the evidence of the version that was read: what came later is known by its instant (see `withEvidence`). */
async function withTheirEvidence(
  within: Transaction,
  rows: readonly DisputeRow[],
): Promise<FullDispute[]> {
  if (rows.length === 0) return [];
  const all = await within.evidence.findMany({
    where: { disputeId: { in: rows.map(({ id }) => id) } },
    orderBy: [{ disputeId: "asc" }, { submittedAt: "asc" }, { id: "asc" }],
  });
  return rows.map((row) => ({
    row,
    evidence: all.filter((e) => e.disputeId === row.id && e.submittedAt <= row.updatedAt),
  }));
}
