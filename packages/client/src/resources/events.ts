import type { Event, EventFeed, EventHead, ListEventsParams } from "../generated/api-types.ts";
import { isOutage, sleep } from "../transport/retry.ts";
import type { CallOptions, Transport } from "../transport/transport.ts";

export type FollowOptions = CallOptions & Omit<ListEventsParams, "limit">;

const PAGE_SIZE = 200;
const POLL_INTERVAL_MS = 1_000;

/** The feed of events (docs/api.md §9). */
export function eventCalls(transport: Transport) {
  const get = async <T>(path: string, query: object, options?: CallOptions): Promise<T> =>
    transport.json<T>({ method: "GET", path, query, options });
  const page = (query: ListEventsParams = {}, options?: CallOptions): Promise<EventFeed> =>
    get("/v1/events", query, options);
  const head = (options?: CallOptions): Promise<EventHead> => get("/v1/events/head", {}, options);
  return {
    /**
     * A page of events, oldest first.
     *
     * @throws DocketError `events_expired`
     * @example
     * const { items, lastSeq } = await docket.events.page({ after: 4711, type: ["dispute.*"] });
     */
    page,
    /**
     * The number and the hash of the newest event.
     *
     * @example
     * const { seq, hash } = await docket.events.head();
     */
    head,
    /**
     * Yields events as they happen, in order and each once, after the event number `after` or from now on. Goes on after an
     * outage, until the signal is aborted.
     *
     * @throws DocketError `events_expired`: read the resources again, and continue with the oldest event
     * @example
     * for await (const event of docket.events.follow({ after: lastSeq })) await handle(event);
     */
    async *follow({ after, signal, ...filter }: FollowOptions = {}): AsyncGenerator<Event, never> {
      const options = signal === undefined ? {} : { signal };
      let last = after ?? (await head(options)).seq;
      for (;;) {
        const found = await page({ ...filter, after: last, limit: PAGE_SIZE }, options).catch(
          (error: unknown) => {
            if (isOutage(error)) return undefined;
            throw error;
          },
        );
        for (const event of found?.items ?? []) {
          yield event;
          last = event.seq;
        }
        if (found?.hasMore !== true) await sleep(POLL_INTERVAL_MS, signal ?? transport.signal);
      }
    },
  };
}
