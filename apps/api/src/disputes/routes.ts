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
import type { PersistedReply } from "../http/idempotency.ts";
import type { Reply } from "../http/reply.ts";
import {
  writeRoute,
  type Route,
  type RouteResponse,
  type WriteRequest,
  type WriteRoute,
} from "../http/route.ts";
import { addEvidence } from "../evidence/service.ts";
import { changeDispute, createDispute, disputePath, type FullDispute } from "./service.ts";
import { etagOf } from "../http/etag.ts";
import { disputeSchema, disputeView } from "./view.ts";

/** The path of everything about one dispute. */
export const disputeParams = Joi.object<{ disputeId: string }>({ disputeId: uuid().required() });

/** The answer of nearly every call. */
export const disputeResponse: RouteResponse = {
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

const create = writeRoute({
  method: "POST",
  path: "/v1/exceptions/:exceptionId/disputes",
  operationId: "createDispute",
  summary: "Dispute an exception: open at once, or as a draft",
  permission: "dispute:write",
  params: Joi.object<{ exceptionId: string }>({ exceptionId: uuid().required() }),
  body: createDisputeRequest,
  responses: { 201: { ...disputeResponse, headers: ["Location", "ETag"] } },
  handler: async ({ database }, { params, body, principal, requestId, persist }) => {
    const by = { actor: principal.subject, requestId };
    return database.transaction(async (tx) => {
      const dispute = await createDispute(tx, params.exceptionId, body, by);
      const reply = disputeReply(dispute, 201);
      const headers = { ...reply.headers, Location: disputePath(dispute.row.id) };
      return persist(tx, { ...reply, headers });
    });
  },
});

/** What a route needs to say to be one of the actions on a dispute. */
type ActionRoute<Body> = Pick<WriteRoute, "method" | "path" | "operationId" | "summary"> & {
  readonly body?: Schema<Body>;
  readonly step: (body: Body) => DisputeCommand;
};

/** The routes that do one thing to a dispute differ in their bodies only. */
function defineAction<Body>({ step, ...route }: ActionRoute<Body>): Route {
  type Input = WriteRequest<{ disputeId: string }, unknown, Body>;
  const handler = async ({ database }: ApiContext, request: Input): Promise<PersistedReply> => {
    const { params, principal, requestId, headers, persist } = request;
    const by = { actor: principal.subject, requestId };
    const ifMatch = headers["if-match"];
    return database.transaction(async (tx) => {
      const stepped = step(request.body);
      const dispute = await changeDispute(tx, params.disputeId, stepped, by, ifMatch);
      return persist(tx, disputeReply(dispute));
    });
  };
  return writeRoute<{ disputeId: string }, unknown, Body>({
    ...route,
    permission: "dispute:write",
    params: disputeParams,
    responses: { 200: disputeResponse },
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

const addReference = writeRoute({
  method: "POST",
  path: "/v1/disputes/:disputeId/evidence",
  operationId: "addDisputeEvidence",
  summary: "Add evidence by its URL, which is kept and never fetched",
  permission: "dispute:write",
  params: disputeParams,
  body: addEvidenceRequest,
  responses: { 200: disputeResponse },
  errors: [...changeErrors, "evidence_limit_reached"],
  handler: async ({ database }, { params, body, principal, requestId, headers, persist }) => {
    const by = { actor: principal.subject, requestId };
    const ifMatch = headers["if-match"];
    return database.transaction(async (tx) => {
      const dispute = await addEvidence(tx, params.disputeId, body, by, ifMatch);
      return persist(tx, disputeReply(dispute));
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
