import { followEvents, type FollowOptions } from "../events/follow.ts";
import type { Event, EventFeed, EventHead, ListEventsParams } from "../generated/api-types.ts";
import type { CallOptions } from "../transport/options.ts";
import type { Transport } from "../transport/transport.ts";

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
     * Yields events as they happen, in order and each once, after the event number `after` or from now on: from the stream, or
     * from the feed where there is no stream. Goes on after an outage, until the signal is aborted.
     *
     * @throws DocketError `events_expired`: read the resources again, and continue with the oldest event
     * @example
     * for await (const event of docket.events.follow({ after: lastSeq })) await handle(event);
     */
    follow: (options: FollowOptions = {}): AsyncGenerator<Event, never> =>
      followEvents(transport, { page, head }, options),
  };
}
