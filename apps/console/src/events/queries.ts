import { isDocketError, type Docket, type Event } from "@docket/client";
import { useQuery } from "@tanstack/react-query";

import { useDocket } from "../query/docket-context.tsx";
import { itemKey } from "../query/keys.ts";

export type EventFilter = {
  readonly type?: readonly string[] | undefined;
  readonly subject?: string | undefined;
};

/** Events that are looked at for one screen. With a filter, few of them match. */
const WINDOW = 100;
const FILTERED_WINDOW = 1_000;
const PAGE_SIZE = 200;

/** The newest event. It is read again after each event (live). */
export function useHead() {
  const docket = useDocket();
  return useQuery({
    queryKey: itemKey("events", "head"),
    queryFn: ({ signal }) => docket.events.head({ signal }),
  });
}

/** Events do not change, so that they are read once. Not under the key of the events, which every event invalidates. */
const stored = { staleTime: Number.POSITIVE_INFINITY };

/** The events up to `last`, newest first, as far back as one screen looks. */
export function useEvents(last: number, oldest: number, filter: EventFilter) {
  const docket = useDocket();
  const isFiltered = filter.type !== undefined || filter.subject !== undefined;
  const size = isFiltered ? FILTERED_WINDOW : WINDOW;
  const first = Math.max(last - size + 1, oldest);
  const query = useQuery({
    queryKey: ["stored-events", "list", { first, last, ...filter }],
    queryFn: ({ signal }) => readRange(docket, { first, last, filter }, signal),
    ...stored,
  });
  return { ...query, first };
}

type Range = { readonly first: number; readonly last: number; readonly filter: EventFilter };

async function readRange(
  { events }: Docket,
  { first, last, filter: { type, subject } }: Range,
  signal: AbortSignal,
): Promise<readonly Event[]> {
  const found: Event[] = [];
  const filter = { ...(type !== undefined && { type }), ...(subject !== undefined && { subject }) };
  for (let after = first - 1; after < last;) {
    const query = { ...filter, after, limit: PAGE_SIZE };
    const { items, hasMore, lastSeq } = await events.page(query, { signal });
    found.push(...items.filter(({ seq }) => seq <= last));
    if (!hasMore) break;
    after = lastSeq;
  }
  return found.toReversed();
}

/** One event; null if there is none with this number. */
export function useEvent(seq: number) {
  const docket = useDocket();
  return useQuery({
    queryKey: ["stored-events", "item", seq],
    queryFn: async ({ signal }) => {
      const query = { after: seq - 1, limit: 1 };
      const { items } = await docket.events.page(query, { signal }).catch((error: unknown) => {
        if (isDocketError(error, "events_expired")) return { items: [] };
        throw error;
      });
      return items[0]?.seq === seq ? items[0] : null;
    },
    ...stored,
  });
}
