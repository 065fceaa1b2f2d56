import type { Event, EventFeed, EventHead, ListEventsParams } from "../generated/api-types.ts";
import type { CallOptions } from "../transport/options.ts";
import { isOutage, sleep } from "../transport/retry.ts";
import type { Transport } from "../transport/transport.ts";
import { createBackoff } from "./backoff.ts";
import { PROGRESS_TYPE, readEventStream, type ExportProgress } from "./stream.ts";

/**
 * - `live`: events arrive as they happen
 * - `polling`: there is no stream, and the feed is read every second
 * - `offline`: the API does not answer
 */
export type FollowStatus = "live" | "polling" | "offline";

export type FollowOptions = CallOptions &
  Omit<ListEventsParams, "limit"> & {
    /** Called whenever the status changes. */
    readonly onStatus?: (status: FollowStatus) => void;
    /** Called with the progress of running exports while the status is `live`, at most once a second for each. */
    readonly onProgress?: (progress: ExportProgress) => void;
  };

type FeedCalls = {
  readonly page: (query: ListEventsParams, options: CallOptions) => Promise<EventFeed>;
  readonly head: (options: CallOptions) => Promise<EventHead>;
};

/** What the stream and the feed have in common. */
type Following = FeedCalls & {
  readonly transport: Transport;
  readonly filter: Pick<ListEventsParams, "type" | "subject">;
  readonly options: CallOptions;
  readonly report: (status: FollowStatus) => void;
  readonly onProgress: FollowOptions["onProgress"];
};

const PAGE_SIZE = 200;
const POLL_INTERVAL_MS = 1_000;

/**
 * Yields events from the stream, and from the feed while there is no stream. Whatever ends a stream, the feed comes next: its
 * errors tell an outage from a refusal, and its events are those that the stream did not send.
 */
export async function* followEvents(
  transport: Transport,
  calls: FeedCalls,
  { after, signal, onStatus, onProgress, ...filter }: FollowOptions,
): AsyncGenerator<Event, never> {
  const options = signal === undefined ? {} : { signal };
  const report = createReport(onStatus);
  const following = { ...calls, transport, filter, options, report, onProgress };
  const backoff = createBackoff();
  let last = after ?? (await calls.head(options)).seq;
  for (;;) {
    try {
      for await (const event of readStream(following, last)) {
        last = event.seq;
        yield event;
      }
      backoff.failed();
    } catch (error) {
      backoff.failed(error);
    }
    do {
      for await (const { items, upTo } of readFeed(following, last)) {
        for (const event of items) {
          last = event.seq;
          yield event;
        }
        last = Math.max(last, upTo);
      }
      await sleep(Math.min(POLL_INTERVAL_MS, backoff.remainingMs()), signal ?? transport.signal);
    } while (backoff.remainingMs() > 0);
  }
}

/** The events of one stream. @throws when it was refused or broke off */
async function* readStream(
  { transport, filter, options, report, onProgress }: Following,
  after: number,
): AsyncGenerator<Event, void> {
  const type = filter.type && [...filter.type, ...(onProgress ? [PROGRESS_TYPE] : [])];
  const onOpen = (): void => report("live");
  for await (const { event, progress } of readEventStream(transport, {
    ...options,
    after,
    type,
    onOpen,
  })) {
    if (progress !== undefined) onProgress?.(progress);
    // A stream that is asked to continue after a number beyond the newest event begins before it.
    else if (event.seq > after && isWanted(event, filter)) yield event;
  }
}

/** The stream has no filter by subject. */
const isWanted = (event: Event, { subject }: Following["filter"]): boolean =>
  subject === undefined || event.subject === subject;

/** A page of the feed, and the number up to which nothing else matches the filter. */
type FeedPage = { readonly items: readonly Event[]; readonly upTo: number };

/** The pages of the feed, until there is no further one or the API does not answer. @throws when it refuses */
async function* readFeed(following: Following, after: number): AsyncGenerator<FeedPage, void> {
  const { page, head, filter, options, report } = following;
  const unlessOutage = (error: unknown): undefined => {
    if (!isOutage(error)) throw error;
    report("offline");
  };
  // Before the pages, so that they contain every matching event up to it. A reader whose filter matches nothing for a long time would
  // otherwise continue after an event that is no longer kept.
  const newest = await head(options).catch(unlessOutage);
  if (newest === undefined) return;
  for (let last = after; ;) {
    const query = { ...filter, after: last, limit: PAGE_SIZE };
    const found = await page(query, options).catch(unlessOutage);
    if (found === undefined) return;
    report("polling");
    last = found.lastSeq;
    yield { items: found.items, upTo: found.hasMore ? last : Math.max(last, newest.seq) };
    if (!found.hasMore) return;
  }
}

/** Reports changes only. */
function createReport(onStatus: FollowOptions["onStatus"]): Following["report"] {
  let current: FollowStatus | undefined;
  return (status) => {
    if (status === current) return;
    current = status;
    onStatus?.(status);
  };
}
