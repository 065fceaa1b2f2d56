import {
  addNoteRequest,
  closeDisputeRequest,
  reopenDisputeRequest,
  requestEvidenceRequest,
  updateDisputeRequest,
  type DisputeCommand,
} from "@docket/domain";
import { actionRoutes } from "../changes/action-routes.ts";
import { writeRoute, type Route } from "../http/route.ts";
import { changeErrors, disputeParams, disputeReply, disputeResponse } from "./response.ts";
import { changeDispute, latestEvent } from "./service.ts";
import { disputeEventSchema, disputeEventView } from "./view.ts";

const actionRoute = actionRoutes<{ disputeId: string }, DisputeCommand>({
  permission: "dispute:write",
  params: disputeParams,
  response: disputeResponse,
  errors: changeErrors,
  change: async (tx, { disputeId }, command, by, ifMatch, { now }) =>
    disputeReply(await changeDispute(tx, disputeId, command, by, ifMatch), now()),
});

const update = actionRoute({
  method: "PATCH",
  path: "/v1/disputes/:disputeId",
  operationId: "updateDispute",
  summary:
    "Change the amount, deadline, assignee or reference of a dispute, or the texts of a draft",
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
  command: (body) => ({ action: "close", ...body }),
});

const reopen = actionRoute({
  method: "POST",
  path: "/v1/disputes/:disputeId/reopen",
  operationId: "reopenDispute",
  summary: "Reopen a lost dispute",
  body: reopenDisputeRequest,
  command: ({ reason }) => ({ action: "reopen", reason }),
});

const addNote = writeRoute({
  method: "POST",
  path: "/v1/disputes/:disputeId/notes",
  operationId: "addDisputeNote",
  summary: "Add a note to the history of a dispute",
  permission: "dispute:write",
  params: disputeParams,
  body: addNoteRequest,
  responses: { 201: { description: "The event", body: disputeEventSchema } },
  errors: ["history_limit_reached", "precondition_failed"],
  handler: ({ database }, { params, body, by, headers, persist }) => {
    const command = { action: "add-note", ...body } as const;
    return database.transaction(async (tx) => {
      const dispute = await changeDispute(tx, params.disputeId, command, by, headers["if-match"]);
      const event = disputeEventView(await latestEvent(tx, dispute));
      return persist(tx, { status: 201, body: event });
    });
  },
});

export const disputeActionRoutes: readonly Route[] = [
  update,
  open,
  requestEvidence,
  addNote,
  close,
  reopen,
];
