import type { Transaction } from "@docket/platform/database";
import type { JsonBytes } from "../http/reply.ts";
import { historyPage } from "../lists/history.ts";
import type { PageQuery } from "../lists/pagination.ts";
import { findDispute, type DisputeEventRow } from "./service.ts";

/**
 * One page of a dispute's history, oldest first.
 *
 * @throws DocketError `not_found`; `bad_request` for a cursor of another list, or a forged one.
 */
export async function disputeHistory(
  tx: Transaction,
  disputeId: string,
  query: PageQuery,
  present: (row: DisputeEventRow) => unknown,
): Promise<JsonBytes> {
  await findDispute(tx, disputeId);
  const read = (after: number, take: number): Promise<DisputeEventRow[]> =>
    tx.disputeEvent.findMany({
      where: { disputeId, version: { gt: after } },
      orderBy: { version: "asc" },
      take,
    });
  return historyPage(query, { list: "dispute-history", disputeId }, read, present);
}
