import type { Prisma, Transaction } from "@docket/platform/database";
import {
  decodeCursor,
  encodeCursor,
  invalidCursor,
  pageOf,
  type Page,
  type PageQuery,
} from "../lists/pagination.ts";
import { findDispute } from "./service.ts";

export type DisputeEventRow = Prisma.DisputeEventGetPayload<object>;

/** The greatest value of the column `version`. */
const MAX_VERSION = 2_147_483_647;

/**
 * One page of a dispute's history, oldest first. Versions are unique in a dispute and only grow, so the version is the whole key.
 *
 * @throws DocketError `not_found`; `bad_request` for a cursor of another list, or a forged one.
 */
export async function disputeHistory<Item>(
  tx: Transaction,
  disputeId: string,
  { limit, cursor }: PageQuery,
  present: (row: DisputeEventRow) => Item,
): Promise<Page<Item>> {
  await findDispute(tx, disputeId);
  const binding = { list: "dispute-history", disputeId };
  const after = cursor === undefined ? 0 : versionOf(decodeCursor(binding, cursor).value);
  const rows = await tx.disputeEvent.findMany({
    where: { disputeId, version: { gt: after } },
    orderBy: { version: "asc" },
    take: limit + 1,
  });
  return pageOf(rows, limit, present, ({ version, id }) =>
    encodeCursor(binding, { value: version, id }),
  );
}

/** Checks the value of a cursor, which may be forged. */
function versionOf(value: unknown): number {
  if (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_VERSION)
    return Number(value);
  throw invalidCursor();
}
