import {
  reopenExceptionRequest,
  resolveExceptionRequest,
  updateExceptionRequest,
  type ExceptionCommand,
} from "@docket/domain";
import { actionRoutes } from "../changes/action-routes.ts";
import type { Route } from "../http/route.ts";
import { changeException } from "./change.ts";
import { exceptionParams, exceptionReply, exceptionResponse } from "./response.ts";
import { findException } from "./service.ts";

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

export const exceptionActionRoutes: readonly Route[] = [update, resolve, reopen];
