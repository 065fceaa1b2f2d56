import { notFound } from "@docket/domain";
import type { Transaction } from "@docket/platform/database";
import type { JsonBytes } from "../http/reply.ts";
import { historyPage } from "../lists/history.ts";
import type { PageQuery } from "../lists/pagination.ts";

/** An event of an exception's history. */
export type ExceptionEventRow = {
  readonly id: string;
  readonly version: number;
  readonly type: string;
  readonly actor: string;
  readonly at: Date;
  readonly changes: unknown;
  readonly note: string | null;
};

/**
 * One page of an exception's history, oldest first. Its first event, `created`, is derived from the exception.
 *
 * @throws DocketError `not_found`; `bad_request` for a cursor of another list, or a forged one.
 */
export async function exceptionHistory(
  tx: Transaction,
  exceptionId: string,
  query: PageQuery,
  present: (row: ExceptionEventRow) => unknown,
): Promise<JsonBytes> {
  const exception = await tx.exception.findFirst({
    where: { id: exceptionId },
    select: { createdAt: true },
  });
  if (exception === null) throw notFound("exception");
  const created = { id: exceptionId, version: 0, type: "created", actor: "ingest", note: null };
  const first = { ...created, at: exception.createdAt, changes: [] };
  const read = async (after: number, take: number): Promise<ExceptionEventRow[]> => {
    const rows = await tx.exceptionEvent.findMany({
      where: { exceptionId, version: { gt: after } },
      orderBy: { version: "asc" },
      take,
    });
    return after < first.version ? [first, ...rows] : rows;
  };
  return historyPage(query, { list: "exception-history", exceptionId }, read, present);
}
