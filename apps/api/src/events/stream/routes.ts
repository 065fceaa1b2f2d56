import { DocketError, streamTypeFilter } from "@docket/domain";
import Joi from "joi";
import { readRoute, type Route } from "../../http/route.ts";
import { afterParameter } from "../routes.ts";

type StreamQuery = { readonly after?: number; readonly type?: readonly string[] };

const stream = readRoute({
  method: "GET",
  path: "/v1/events/stream",
  operationId: "streamEvents",
  summary: "Receive the tenant's events as they occur",
  description:
    "Server-sent events. Each has the `seq` of the event as its `id`, the type as `event` and the event as `data`. To resume, " +
    "send the last `id` as `Last-Event-ID`, which takes precedence over `after`; with neither, the stream begins with what is new.",
  permission: "event:read",
  isEndless: true,
  query: Joi.object<StreamQuery>({ after: afterParameter(), type: streamTypeFilter() }),
  headers: ["Last-Event-ID"],
  responses: {
    200: {
      description: "The stream",
      mediaType: "text/event-stream",
      body: { type: "string" },
    },
  },
  errors: ["events_expired"],
  handler: async ({ streams }, { query, headers, principal }) => ({
    status: 200,
    // nginx would buffer the stream otherwise.
    headers: { "Content-Type": "text/event-stream", "X-Accel-Buffering": "no" },
    stream: await streams.open(principal, {
      after: lastEventId(headers["last-event-id"]) ?? query.after,
      types: query.type,
    }),
  }),
});

/** Undefined if the header is absent, or empty as before the first event. @throws DocketError `bad_request`. */
function lastEventId(header: string | readonly string[] | undefined): number | undefined {
  if (header === undefined || header === "") return undefined;
  if (typeof header === "string" && /^\d{1,15}$/.test(header)) return Number(header);
  const detail = "Last-Event-ID must be the id of an event of the stream";
  throw new DocketError("bad_request", `${detail}.`, {
    errors: [{ field: "Last-Event-ID", detail }],
  });
}

export const eventStreamRoutes: readonly Route[] = [stream];
