import { CHAIN_START, DocketError, EVENT_TYPES, type ChainHead } from "@docket/domain";
import type pg from "pg";

/** A numbered event. `data` is canonical JSON; it is null, like `salt`, if it was erased. */
export type EventRow = {
  readonly id: string;
  readonly seq: number;
  readonly type: string;
  readonly subject: string;
  readonly actor: string;
  readonly at: Date;
  readonly requestId: string | null;
  readonly data: string | null;
  readonly salt: string | null;
  readonly dataHash: string;
  readonly hash: string;
};

export type EventQuery = {
  /** The number of the event to continue after. */
  readonly after: number;
  readonly limit: number;
  /** Default: all. */
  readonly types?: readonly string[] | undefined;
  readonly subject?: string | undefined;
};

type Queries = Pick<pg.Pool, "query">;

/**
 * Returns the next events of the current tenant in ascending order of `seq`. Numbers are assigned without gaps, so no event with a
 * lower number can appear later.
 *
 * @throws DocketError `events_expired` if events after `after` have been deleted.
 */
export async function readEvents(pool: Queries, query: EventQuery): Promise<readonly EventRow[]> {
  const { after, limit, types, subject } = query;
  const isFiltered = types !== undefined || subject !== undefined;
  const { rows } = await pool.query<Page>(
    isFiltered
      ? { ...FILTERED, values: [after, limit, types ?? EVENT_TYPES, subject ?? null] }
      : { ...ALL, values: [after, limit] },
  );
  // The statement that reads the events reads this number, too: no event can be deleted between the two.
  requireKept(after, Number(rows[0]?.oldestSeq ?? 1));
  return rows.filter(isEvent).map(eventOf);
}

/** `seq` is null in the only row of a page without events. */
type Page = { readonly oldestSeq: string } & Omit<EventRow, "seq"> & {
    readonly seq: string | null;
  };

const isEvent = (row: Page): row is Page & { readonly seq: string } => row.seq !== null;

/** Without `oldestSeq`. */
const eventOf = (row: Page & { readonly seq: string }): EventRow => ({
  id: row.id,
  seq: Number(row.seq),
  type: row.type,
  subject: row.subject,
  actor: row.actor,
  at: row.at,
  requestId: row.requestId,
  data: row.data,
  salt: row.salt,
  dataHash: row.dataHash,
  hash: row.hash,
});

const pageOf = (events: string): string => `
  SELECT h.oldest_seq AS "oldestSeq", e.id, e.seq, e.type, e.subject, e.actor, e.at, e.request_id AS "requestId", e.data, e.salt,
         e.data_hash AS "dataHash", e.hash
  FROM event_heads h LEFT JOIN LATERAL (${events}) e ON true
  ORDER BY e.seq`;

const ALL = {
  name: "events",
  text: pageOf(`
    SELECT * FROM events WHERE tenant_id = h.tenant_id AND seq > $1::bigint ORDER BY seq LIMIT $2::int`),
};

/** Merges the first events of each type, so that a rare type does not make the query read all others. */
const FILTERED = {
  name: "filtered-events",
  text: pageOf(`
    SELECT * FROM events
    WHERE tenant_id = h.tenant_id AND seq = ANY (ARRAY(
      SELECT found.seq
      FROM unnest($3::text[]) AS wanted (type)
      CROSS JOIN LATERAL (
        SELECT seq FROM events
        WHERE tenant_id = h.tenant_id AND type = wanted.type AND ($4::text IS NULL OR subject = $4::text) AND seq > $1::bigint
        ORDER BY seq LIMIT $2::int) found
      ORDER BY found.seq LIMIT $2::int))
    ORDER BY seq`),
};

/** @throws DocketError `events_expired` if events after `after` have been deleted. */
export function requireKept(after: number, oldestSeq: number): void {
  if (after >= oldestSeq - 1) return;
  throw new DocketError(
    "events_expired",
    `Events after the given one have been deleted. The oldest event that is kept is ${oldestSeq}.`,
    { oldestSeq },
  );
}

/** The newest event of a tenant, and where the events that are kept begin. */
export type FeedHead = ChainHead & {
  readonly oldest: { readonly seq: number; readonly previousHash: string };
};

/** The head of the current tenant. */
export async function readFeedHead(pool: Queries): Promise<FeedHead> {
  const { rows } = await pool.query<HeadRow>(HEAD);
  const [head] = rows;
  if (head === undefined)
    return { ...CHAIN_START, oldest: { seq: 0, previousHash: CHAIN_START.hash } };
  const { seq, hash, oldestSeq, previousHash } = head;
  return { seq: Number(seq), hash, oldest: { seq: Number(oldestSeq), previousHash } };
}

type HeadRow = {
  readonly seq: string;
  readonly hash: string;
  readonly oldestSeq: string;
  readonly previousHash: string;
};

const HEAD = {
  name: "event-head",
  text: `SELECT seq, hash, oldest_seq AS "oldestSeq", oldest_previous_hash AS "previousHash" FROM event_heads`,
};
