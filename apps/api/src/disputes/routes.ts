import {
  addEvidenceRequest,
  closeDisputeRequest,
  createDisputeRequest,
  reopenDisputeRequest,
  requestEvidenceRequest,
  updateDisputeRequest,
  uuid,
  type DisputeCommand,
} from "@docket/domain";
import Joi, { type Schema } from "joi";
import type { ApiContext } from "../context.ts";
import {
  defineRoute,
  type Answer,
  type Reply,
  type Route,
  type RouteRequest,
} from "../http/route.ts";
import { addEvidence } from "../evidence/service.ts";
import { changeDispute, createDispute, disputePath, type FullDispute } from "./service.ts";
import { etagOf } from "../http/etag.ts";
import { disputeSchema, disputeView } from "./view.ts";

/** The path of everything about one dispute. */
export const disputeParams = Joi.object<{ disputeId: string }>({ disputeId: uuid().required() });

/** The answer of nearly every call. */
export const disputeAnswer: Answer = {
  description: "The dispute",
  headers: ["ETag"],
  body: disputeSchema,
};

/** How every call that changes a dispute may refuse. */
export const changeErrors = ["invalid_dispute_transition", "precondition_failed"] as const;

/** A dispute as it is now, with the tag of its version. */
export const disputeReply = (dispute: FullDispute, status = 200): Reply => ({
  status,
  headers: { ETag: etagOf(dispute.row.version) },
  body: disputeView(dispute),
});

const create = defineRoute({
  method: "POST",
  path: "/v1/exceptions/:exceptionId/disputes",
  operationId: "createDispute",
  summary: "Dispute an exception: open at once, or as a draft",
  permission: "dispute:write",
  params: Joi.object<{ exceptionId: string }>({ exceptionId: uuid().required() }),
  body: createDisputeRequest,
  answers: { 201: { ...disputeAnswer, headers: ["Location", "ETag"] } },
  handler: async ({ database }, { params, body, principal, requestId, keep }) => {
    const by = { actor: principal.subject, requestId };
    return database.transaction(async (within) => {
      const dispute = await createDispute(within, params.exceptionId, body, by);
      const reply = disputeReply(dispute, 201);
      const headers = { ...reply.headers, Location: disputePath(dispute.row.id) };
      return keep(within, { ...reply, headers });
    });
  },
});

/** What a route needs to say to be one of the actions on a dispute. */
type ActionRoute<Body> = Pick<Route, "method" | "path" | "operationId" | "summary"> & {
  readonly body?: Schema<Body>;
  readonly step: (body: Body) => DisputeCommand;
};

/** The routes that do one thing to a dispute differ in their bodies only. */
function defineAction<Body>({ step, ...route }: ActionRoute<Body>): Route {
  type Input = RouteRequest<{ disputeId: string }, unknown, Body>;
  const handler = async ({ database }: ApiContext, request: Input): Promise<Reply> => {
    const { params, principal, requestId, raw, keep } = request;
    const by = { actor: principal.subject, requestId };
    const ifMatch = raw.headers["if-match"];
    return database.transaction(async (within) => {
      const stepped = step(request.body);
      const dispute = await changeDispute(within, params.disputeId, stepped, by, ifMatch);
      return keep(within, disputeReply(dispute));
    });
  };
  return defineRoute<{ disputeId: string }, unknown, Body>({
    ...route,
    permission: "dispute:write",
    params: disputeParams,
    answers: { 200: disputeAnswer },
    errors: changeErrors,
    handler,
  });
}

const update = defineAction({
  method: "PATCH",
  path: "/v1/disputes/:disputeId",
  operationId: "updateDispute",
  summary: "Change a draft",
  body: updateDisputeRequest,
  step: (body) => ({ action: "update", ...body }),
});

const open = defineAction({
  method: "POST",
  path: "/v1/disputes/:disputeId/open",
  operationId: "openDispute",
  summary: "Open a draft",
  step: () => ({ action: "open" }),
});

const requestEvidence = defineAction({
  method: "POST",
  path: "/v1/disputes/:disputeId/request-evidence",
  operationId: "requestDisputeEvidence",
  summary: "Ask for evidence",
  body: requestEvidenceRequest,
  step: ({ note }) => ({ action: "request-evidence", note }),
});

const close = defineAction({
  method: "POST",
  path: "/v1/disputes/:disputeId/close",
  operationId: "closeDispute",
  summary: "Close a dispute, won or lost",
  body: closeDisputeRequest,
  step: ({ won, resolution }) => ({ action: "close", won, resolution }),
});

const reopen = defineAction({
  method: "POST",
  path: "/v1/disputes/:disputeId/reopen",
  operationId: "reopenDispute",
  summary: "Reopen a lost dispute",
  body: reopenDisputeRequest,
  step: ({ reason }) => ({ action: "reopen", reason }),
});

const addReference = defineRoute({
  method: "POST",
  path: "/v1/disputes/:disputeId/evidence",
  operationId: "addDisputeEvidence",
  summary: "Add evidence by its URL, which is kept and never fetched",
  permission: "dispute:write",
  params: disputeParams,
  body: addEvidenceRequest,
  answers: { 200: disputeAnswer },
  errors: [...changeErrors, "evidence_limit_reached"],
  handler: async ({ database }, { params, body, principal, requestId, raw, keep }) => {
    const by = { actor: principal.subject, requestId };
    const ifMatch = raw.headers["if-match"];
    return database.transaction(async (within) => {
      const dispute = await addEvidence(within, params.disputeId, body, by, ifMatch);
      return keep(within, disputeReply(dispute));
    });
  },
});

export const disputeRoutes: readonly Route[] = [
  create,
  update,
  open,
  requestEvidence,
  close,
  reopen,
  addReference,
];
