import type { Database } from "@docket/platform/database";
import { readEvents, type EventRow } from "@docket/platform/rows";
import type { JsonBytes } from "../http/reply.ts";
import { boundedItems, jsonPage } from "../lists/pagination.ts";
import { eventJson, showsData } from "./view.ts";

export type FeedQuery = {
  readonly after: number;
  readonly limit: number;
  readonly type?: readonly string[];
  readonly subject?: string;
};

/** Events per query. A page ends at 1 MiB, which is about 50 of the largest ones. */
const CHUNK = 60;

/** Reads one event more than the limit, which tells whether there are more. */
async function* eventsAfter(
  { pool }: Pick<Database, "pool">,
  { after, limit, type: types, subject }: FeedQuery,
): AsyncGenerator<EventRow> {
  for (let last = after, left = limit + 1; left > 0;) {
    const take = Math.min(CHUNK, left);
    const rows = await readEvents(pool, { after: last, limit: take, types, subject });
    yield* rows;
    if (rows.length < take) return;
    last = rows.at(-1)!.seq;
    left -= take;
  }
}

/**
 * A page of the feed (docs/api.md §9).
 *
 * @throws DocketError `events_expired`.
 */
export async function feedPage(
  database: Pick<Database, "pool">,
  query: FeedQuery,
  permissions: ReadonlySet<string>,
): Promise<JsonBytes> {
  const { limit, after } = query;
  const page = await boundedItems(eventsAfter(database, query), limit, (row) =>
    eventJson(row, showsData(row.type, permissions)),
  );
  const { hasMore, last } = page;
  return jsonPage(page, { limit, hasMore, lastSeq: last?.seq ?? after });
}
