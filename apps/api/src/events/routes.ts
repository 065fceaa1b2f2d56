import { eventSubject, eventTypeFilter } from "@docket/domain";
import { readFeedHead } from "@docket/platform/rows";
import Joi from "joi";
import { readRoute, type Route } from "../http/route.ts";
import { pageQuery } from "../lists/pagination.ts";
import { feedPage, type FeedQuery } from "./service.ts";
import { eventFeedSchema, eventHeadSchema } from "./view.ts";

/** The number of an event to continue after. */
export const afterParameter = (): Joi.Schema =>
  Joi.any()
    .custom((value: unknown, helpers) => {
      if (!/^[+-]?\d{1,15}$/.test(String(value))) return helpers.error("malformed.integer");
      return Number(value) < 0 ? helpers.error("refused.after") : Number(value);
    })
    .meta({ type: "integer", minimum: 0, description: "The `seq` of an event." })
    .messages({
      "malformed.integer": "{#label} must be an integer",
      "refused.after": "{#label} must be at least 0",
    });

const list = readRoute({
  method: "GET",
  path: "/v1/events",
  operationId: "listEvents",
  summary: "List the tenant's events after a given one, oldest first",
  permission: "event:read",
  query: Joi.object<FeedQuery>({
    after: afterParameter().default(0),
    limit: pageQuery.limit,
    type: eventTypeFilter(),
    subject: eventSubject(),
  }),
  responses: { 200: { description: "A page of events", body: eventFeedSchema } },
  errors: ["events_expired"],
  handler: async ({ database }, { query, principal }) => ({
    status: 200,
    body: await feedPage(database, query, principal.permissions),
  }),
});

const head = readRoute({
  method: "GET",
  path: "/v1/events/head",
  operationId: "getEventHead",
  summary: "Get the number and the hash of the newest event",
  permission: "event:read",
  responses: { 200: { description: "The head of the feed", body: eventHeadSchema } },
  handler: async ({ database }) => ({ status: 200, body: await readFeedHead(database.pool) }),
});

export const eventRoutes: readonly Route[] = [list, head];
