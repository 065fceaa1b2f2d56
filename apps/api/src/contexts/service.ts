import { DocketError, notFound, type CreateContextRequest } from "@docket/domain";
import {
  currentTenant,
  isUniqueViolation,
  type Prisma,
  type Transaction,
} from "@docket/platform/database";
import { pageArguments, type Window } from "../lists/newest-first.ts";

export type ContextRow = Prisma.ContextGetPayload<object>;

/** What a context holds, counted at one instant. */
export type ContextCounts = {
  readonly transactions: number;
  readonly matched: number;
  readonly unmatched: number;
  readonly matchGroups: number;
  readonly exceptions: number;
  readonly openExceptions: number;
};

/** @throws DocketError `name_taken` when the tenant has a context of that name. */
export async function addContext(
  within: Transaction,
  { name }: CreateContextRequest,
): Promise<ContextRow> {
  try {
    return await within.context.create({ data: { tenantId: currentTenant(), name } });
  } catch (error) {
    if (isUniqueViolation(error)) throw nameTaken("context", error);
    throw error;
  }
}

/** @throws DocketError `not_found`, also for another tenant's. */
export async function findContext(within: Transaction, id: string): Promise<ContextRow> {
  const row = await within.context.findFirst({ where: { id } });
  if (row === null) throw notFound("context");
  return row;
}

/** Newest first. */
export function listContexts(within: Transaction, window: Window): Promise<ContextRow[]> {
  return within.context.findMany(pageArguments(window));
}

/**
 * Counts in one statement, so that the numbers agree with each other. UNMATCHED as in the report: whatever is not MATCHED.
 * Each count is an index scan; `matched` is a difference because the matched are the many.
 */
export async function countContext(within: Transaction, id: string): Promise<ContextCounts> {
  const [counts] = await within.$queryRaw<[Record<CountedColumn, number>]>`
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

/** The refusal of a name that something else of its kind has. */
export function nameTaken(what: "context" | "source", cause: unknown): DocketError {
  const detail = `there is a ${what} of that name already`;
  return new DocketError("name_taken", `There is a ${what} of that name already.`, {
    errors: [{ field: "name", detail }],
    cause,
  });
}
