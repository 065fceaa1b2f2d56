import {
  bulkExceptionRequest,
  reopenExceptionRequest,
  resolveExceptionRequest,
  updateExceptionRequest,
  type ExceptionCommand,
} from "@docket/domain";
import { actionRoutes } from "../changes/action-routes.ts";
import { writeRoute, type Route } from "../http/route.ts";
import { changeExceptions } from "./bulk.ts";
import { changeException } from "./change.ts";
import { exceptionParams, exceptionReply, exceptionResponse } from "./response.ts";
import { findException } from "./service.ts";
import { bulkOutcomesSchema } from "./view.ts";

const actionRoute = actionRoutes<{ exceptionId: string }, ExceptionCommand>({
  permission: "exception:write",
  params: exceptionParams,
  response: exceptionResponse,
  errors: ["invalid_exception_transition", "history_limit_reached", "precondition_failed"],
  change: async (tx, { exceptionId }, command, by, ifMatch, { now }) => {
    await changeException(tx, exceptionId, command, by, ifMatch);
    return exceptionReply(await findException(tx, exceptionId), now());
  },
});

const update = actionRoute({
  method: "PATCH",
  path: "/v1/exceptions/:exceptionId",
  operationId: "updateException",
  summary: "Change the assignee, the due date or the severity of an exception",
  body: updateExceptionRequest,
  command: (body) => ({ action: "update", ...body }),
});

const resolve = actionRoute({
  method: "POST",
  path: "/v1/exceptions/:exceptionId/resolve",
  operationId: "resolveException",
  summary: "Resolve an exception",
  body: resolveExceptionRequest,
  command: (body) => ({ action: "resolve", ...body }),
});

const reopen = actionRoute({
  method: "POST",
  path: "/v1/exceptions/:exceptionId/reopen",
  operationId: "reopenException",
  summary: "Reopen a resolved exception",
  body: reopenExceptionRequest,
  command: ({ reason }) => ({ action: "reopen", reason }),
});

const bulk = writeRoute({
  method: "POST",
  path: "/v1/exceptions/bulk",
  operationId: "changeExceptions",
  summary: "Assign, set the due date of, or resolve up to 100 exceptions",
  permission: "exception:write",
  body: bulkExceptionRequest,
  responses: {
    200: {
      description: "An outcome for each exception, in the order given",
      body: bulkOutcomesSchema,
    },
  },
  handler: ({ database }, { body, by, persist }) =>
    database.transaction(async (tx) => {
      const results = await changeExceptions(tx, body, by);
      return persist(tx, { status: 200, body: { results } });
    }),
});

/** `bulk` must come before the routes of one exception, whose path also matches it. */
export const exceptionActionRoutes: readonly Route[] = [bulk, update, resolve, reopen];
