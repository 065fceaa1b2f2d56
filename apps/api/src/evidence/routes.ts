import type { IncomingHttpHeaders } from "node:http";
import {
  DocketError,
  EVIDENCE_TYPES,
  evidenceTypeOf,
  MAX_EVIDENCE_BYTES,
  uploadEvidenceQuery,
  uuid,
  validate,
  type EvidenceType,
} from "@docket/domain";
import Joi from "joi";
import { announcedSha256 } from "../http/content-digest.ts";
import { readRoute, streamRoute, type Route } from "../http/route.ts";
import { mapValues } from "../openapi/map-values.ts";
import { downloadEvidence, requireTakesEvidence } from "./service.ts";
import { fileTooLarge } from "./file-check.ts";
import { storageNotConfigured } from "../exports/service.ts";
import { uploadEvidence } from "./upload.ts";
import { downloadLinkSchema } from "../openapi/download-link.ts";
import { changeErrors, disputeResponse, disputeParams, disputeReply } from "../disputes/routes.ts";

const upload = streamRoute({
  method: "POST",
  path: "/v1/disputes/:disputeId/evidence/upload",
  operationId: "uploadDisputeEvidence",
  summary: "Add a file as evidence: a PDF, PNG, JPEG or CSV of at most 10 MiB, which is the body",
  permission: "dispute:write",
  params: disputeParams,
  // Names only: the dispute and its state come before the comment in the contract's order of checks.
  query: Joi.object({ comment: Joi.any(), fileName: Joi.any() }),
  documentedQuery: uploadEvidenceQuery,
  media: mapValues(EVIDENCE_TYPES, () => ({})),
  headers: ["Content-Digest"],
  responses: { 201: disputeResponse },
  errors: [...changeErrors, "evidence_limit_reached", "storage_not_configured"],
  handler: async (context, request) => {
    const { params, query: given, headers, principal, requestId, body, logger, persist } = request;
    const { database, storage, semaphores } = context;
    const { disputeId } = params;
    const { "if-match": ifMatch } = headers;
    const contentLength = announcedLength(headers);
    // More than a file may have is its own refusal, below.
    const atMost = Math.min(contentLength ?? 0, MAX_EVIDENCE_BYTES);
    await requireTakesEvidence(database.prisma, disputeId, ifMatch, atMost);
    const query = validate(uploadEvidenceQuery, given);
    const sha256 = announcedSha256(headers["content-digest"]?.toString());
    const type = requireType(headers);
    if (contentLength !== undefined && contentLength > MAX_EVIDENCE_BYTES) throw fileTooLarge();
    if (storage === undefined) throw storageNotConfigured();
    return uploadEvidence(
      { database, storage, logger, semaphores },
      { disputeId, source: body, type, query, contentLength, sha256, ifMatch },
      { actor: principal.subject, requestId },
      (tx, dispute) => persist(tx, disputeReply(dispute, 201)),
    );
  },
});

const download = readRoute({
  method: "GET",
  path: "/v1/disputes/:disputeId/evidence/:evidenceId/download",
  operationId: "downloadDisputeEvidence",
  summary: "A link to an uploaded file",
  isAudited: true,
  permission: "dispute:read",
  params: Joi.object<{ disputeId: string; evidenceId: string }>({
    disputeId: uuid().required(),
    evidenceId: uuid().required(),
  }),
  responses: { 200: { description: "The link", body: downloadLinkSchema } },
  errors: ["storage_not_configured"],
  handler: async ({ database, storage, config }, { params, principal, requestId }) => {
    const by = { actor: principal.subject, requestId };
    const ttl = config.exportUrlTtlSeconds;
    const body = await database.transaction((tx) => downloadEvidence(tx, storage, params, by, ttl));
    return { status: 200, body };
  },
});

/** Undefined: the body comes in chunks, or there is none. */
function announcedLength(headers: IncomingHttpHeaders): number | undefined {
  const given = headers["content-length"];
  return given === undefined ? undefined : Number(given);
}

function requireType(headers: IncomingHttpHeaders): EvidenceType {
  const type = evidenceTypeOf(headers["content-type"] ?? "");
  const encoding = headers["content-encoding"] ?? "identity";
  if (type !== undefined && encoding.toLowerCase() === "identity") return type;
  throw new DocketError(
    "unsupported_media_type",
    `The Content-Type must be one of ${Object.keys(EVIDENCE_TYPES).join(", ")}, without a Content-Encoding.`,
  );
}

export const evidenceRoutes: readonly Route[] = [upload, download];
