import { uuid } from "@docket/domain";
import Joi from "joi";
import { etagOf } from "../http/etag.ts";
import type { Reply } from "../http/reply.ts";
import type { RouteResponse } from "../http/route.ts";
import type { FullDispute } from "./service.ts";
import { disputeSchema, disputeView } from "./view.ts";

/** The path parameters of every route below one dispute. */
export const disputeParams = Joi.object<{ disputeId: string }>({ disputeId: uuid().required() });

/** A dispute with its version as the ETag. */
export const disputeReply = (dispute: FullDispute, now: Date, status = 200): Reply => ({
  status,
  headers: { ETag: etagOf(dispute.row.version) },
  body: disputeView(dispute, now),
});

/** Describes {@link disputeReply}. */
export const disputeResponse: RouteResponse = {
  description: "The dispute",
  headers: ["ETag"],
  body: disputeSchema,
};

/** Errors of every route that changes a dispute. */
export const changeErrors = [
  "invalid_dispute_transition",
  "history_limit_reached",
  "precondition_failed",
] as const;
