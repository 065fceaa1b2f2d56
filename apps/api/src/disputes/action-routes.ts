import {
  closeDisputeRequest,
  reopenDisputeRequest,
  requestEvidenceRequest,
  updateDisputeRequest,
  type DisputeCommand,
} from "@docket/domain";
import { actionRoutes } from "../changes/action-routes.ts";
import type { Route } from "../http/route.ts";
import { changeErrors, disputeParams, disputeReply, disputeResponse } from "./response.ts";
import { changeDispute } from "./service.ts";

const actionRoute = actionRoutes<{ disputeId: string }, DisputeCommand>({
  permission: "dispute:write",
  params: disputeParams,
  response: disputeResponse,
  errors: changeErrors,
  change: async (tx, { disputeId }, command, by, ifMatch) =>
    disputeReply(await changeDispute(tx, disputeId, command, by, ifMatch)),
});

const update = actionRoute({
  method: "PATCH",
  path: "/v1/disputes/:disputeId",
  operationId: "updateDispute",
  summary: "Change a draft",
  body: updateDisputeRequest,
  command: (body) => ({ action: "update", ...body }),
});

const open = actionRoute({
  method: "POST",
  path: "/v1/disputes/:disputeId/open",
  operationId: "openDispute",
  summary: "Open a draft",
  command: () => ({ action: "open" }),
});

const requestEvidence = actionRoute({
  method: "POST",
  path: "/v1/disputes/:disputeId/request-evidence",
  operationId: "requestDisputeEvidence",
  summary: "Request evidence",
  body: requestEvidenceRequest,
  command: ({ note }) => ({ action: "request-evidence", note }),
});

const close = actionRoute({
  method: "POST",
  path: "/v1/disputes/:disputeId/close",
  operationId: "closeDispute",
  summary: "Close a dispute as won or lost",
  body: closeDisputeRequest,
  command: ({ won, resolution }) => ({ action: "close", won, resolution }),
});

const reopen = actionRoute({
  method: "POST",
  path: "/v1/disputes/:disputeId/reopen",
  operationId: "reopenDispute",
  summary: "Reopen a lost dispute",
  body: reopenDisputeRequest,
  command: ({ reason }) => ({ action: "reopen", reason }),
});

export const disputeActionRoutes: readonly Route[] = [update, open, requestEvidence, close, reopen];
