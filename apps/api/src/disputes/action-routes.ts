import {
  closeDisputeRequest,
  reopenDisputeRequest,
  requestEvidenceRequest,
  updateDisputeRequest,
  type DisputeCommand,
} from "@docket/domain";
import type { Schema } from "joi";
import { writeRoute, type Route, type WriteRoute } from "../http/route.ts";
import { changeErrors, disputeParams, disputeReply, disputeResponse } from "./response.ts";
import { changeDispute } from "./service.ts";

/** The parts in which the routes of the actions differ. */
type ActionRoute<Body> = Pick<WriteRoute, "method" | "path" | "operationId" | "summary"> & {
  readonly body?: Schema<Body>;
  readonly command: (body: Body) => DisputeCommand;
};

const actionRoute = <Body>({ command, ...route }: ActionRoute<Body>): Route =>
  writeRoute<{ disputeId: string }, unknown, Body>({
    ...route,
    permission: "dispute:write",
    params: disputeParams,
    responses: { 200: disputeResponse },
    errors: changeErrors,
    handler: ({ database }, { params, body, principal, requestId, headers, persist }) => {
      const by = { actor: principal.subject, requestId };
      return database.transaction(async (tx) => {
        const { disputeId } = params;
        const dispute = await changeDispute(tx, disputeId, command(body), by, headers["if-match"]);
        return persist(tx, disputeReply(dispute));
      });
    },
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
