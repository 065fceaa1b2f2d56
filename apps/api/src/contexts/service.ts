import { DocketError, notFound, type CreateContextRequest } from "@docket/domain";
import {
  currentTenant,
  isUniqueViolation,
  type Prisma,
  type Transaction,
} from "@docket/platform/database";
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

/**
 * Counts in one statement, so that the numbers are consistent. As in the UNMATCHED report, every transaction that is not
 * MATCHED counts as unmatched. Each count is an index scan; `matched` is the difference, because most transactions are matched.
 */
export async function countContext(tx: Transaction, id: string): Promise<ContextCounts> {
  const [counts] = await tx.$queryRaw<[Record<CountedColumn, number>]>`
    SELECT (SELECT count(*) FROM transactions WHERE context_id = ${id}::uuid)::float8 AS transactions,
           (SELECT count(*) FROM transactions WHERE context_id = ${id}::uuid AND status <> 'MATCHED')::float8 AS unmatched,
           (SELECT count(*) FROM match_groups WHERE context_id = ${id}::uuid)::float8 AS groups,
           (SELECT count(*) FROM exceptions WHERE context_id = ${id}::uuid)::float8 AS exceptions,
           (SELECT count(*) FROM exceptions WHERE context_id = ${id}::uuid AND status <> 'RESOLVED')::float8 AS open`;
  return {
    transactions: counts.transactions,
    matched: counts.transactions - counts.unmatched,
    unmatched: counts.unmatched,
    matchGroups: counts.groups,
    exceptions: counts.exceptions,
    openExceptions: counts.open,
  };
}

type CountedColumn = "transactions" | "unmatched" | "groups" | "exceptions" | "open";

export function nameTaken(what: "context" | "source", cause: unknown): DocketError {
  const detail = `a ${what} with this name already exists`;
  return new DocketError("name_taken", `A ${what} with this name already exists.`, {
    errors: [{ field: "name", detail }],
    cause,
  });
}
