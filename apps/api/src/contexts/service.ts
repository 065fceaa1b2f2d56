import { DocketError, notFound, type CreateContextRequest } from "@docket/domain";
import {
  currentTenant,
  isUniqueViolation,
  type Prisma,
  type Transaction,
} from "@docket/platform/database";
import { countersRelation } from "@docket/platform/rows";
import { pageArguments, type Window } from "../lists/newest-first.ts";

export type ContextRow = Prisma.ContextGetPayload<object>;

/** The counts of a context at one instant. */
export type ContextCounts = {
  readonly transactions: number;
  readonly matched: number;
  readonly unmatched: number;
  readonly matchGroups: number;
  readonly exceptions: number;
  readonly openExceptions: number;
};

/** The counts of a new context. */
export const NO_COUNTS: ContextCounts = {
  transactions: 0,
  matched: 0,
  unmatched: 0,
  matchGroups: 0,
  exceptions: 0,
  openExceptions: 0,
};

/** The path of a context, which is also the subject of its events and of those of its sources and ingests. */
export const contextPath = (id: string): string => `/v1/contexts/${id}`;

/** @throws DocketError `name_taken` if the tenant has a context of that name. */
export async function addContext(
  tx: Transaction,
  { name }: CreateContextRequest,
): Promise<ContextRow> {
  try {
    return await tx.context.create({ data: { tenantId: currentTenant(), name } });
  } catch (error) {
    if (isUniqueViolation(error)) throw nameTaken("context", error);
    throw error;
  }
}

/** @throws DocketError `not_found`, also for a context of another tenant. */
export async function findContext(tx: Transaction, id: string): Promise<ContextRow> {
  const row = await tx.context.findFirst({ where: { id } });
  if (row === null) throw notFound("context");
  return row;
}

/** Newest first. */
export function listContexts(tx: Transaction, window: Window): Promise<ContextRow[]> {
  return tx.context.findMany(pageArguments(window));
}

/** From the counters, in one statement. As in the UNMATCHED report, every transaction that is not MATCHED counts as unmatched. */
export async function contextCounts(tx: Transaction, id: string): Promise<ContextCounts> {
  const counters = await countersRelation(tx);
  const [counts] = await tx.$queryRaw<[ContextCounts]>`
    SELECT coalesce(sum(count) FILTER (WHERE name = 'transactions'), 0)::float8 AS transactions,
           coalesce(sum(count) FILTER (WHERE name = 'transactions' AND label = 'MATCHED'), 0)::float8 AS matched,
           coalesce(sum(count) FILTER (WHERE name = 'transactions' AND label <> 'MATCHED'), 0)::float8 AS unmatched,
           coalesce(sum(count) FILTER (WHERE name = 'match-groups'), 0)::float8 AS "matchGroups",
           coalesce(sum(count) FILTER (WHERE name = 'exceptions'), 0)::float8 AS exceptions,
           coalesce(sum(count) FILTER (WHERE name LIKE 'exceptions-%assigned'), 0)::float8 AS "openExceptions"
    FROM ${counters}
    WHERE context_id = ${id}::uuid
      AND name IN ('transactions', 'match-groups', 'exceptions', 'exceptions-assigned', 'exceptions-unassigned')`;
  return counts;
}

export function nameTaken(what: "context" | "source", cause: unknown): DocketError {
  const detail = `a ${what} with this name already exists`;
  return new DocketError("name_taken", `A ${what} with this name already exists.`, {
    errors: [{ field: "name", detail }],
    cause,
  });
}
