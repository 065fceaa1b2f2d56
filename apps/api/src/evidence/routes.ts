import type { IncomingMessage } from "node:http";
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
import { defineRoute, type Route } from "../http/route.ts";
import { mapValues } from "../openapi/map-values.ts";
import { downloadEvidence, requireTakesEvidence } from "./service.ts";
import { fileTooLarge } from "./file-check.ts";
import { storageNotConfigured } from "../exports/service.ts";
import { uploadEvidence } from "./upload.ts";
import { downloadLinkSchema } from "../openapi/download-link.ts";
import { changeErrors, disputeAnswer, disputeParams, disputeReply } from "../disputes/routes.ts";

const upload = defineRoute({
  method: "POST",
  path: "/v1/disputes/:disputeId/evidence/upload",
  operationId: "uploadDisputeEvidence",
  summary: "Add a file as evidence: a PDF, PNG, JPEG or CSV of at most 10 MiB, which is the body",
  permission: "dispute:write",
  params: disputeParams,
  // Names only: the dispute and its state come before the comment in the contract's order of checks.
  query: Joi.object({ comment: Joi.any(), fileName: Joi.any() }),
  documentedQuery: uploadEvidenceQuery,
  body: "stream",
  media: mapValues(EVIDENCE_TYPES, () => ({})),
  headers: ["Content-Digest"],
  answers: { 201: disputeAnswer },
  errors: [...changeErrors, "evidence_limit_reached", "storage_not_configured"],
  handler: async (context, request) => {
    const { params, query: given, principal, requestId, raw, logger, keep } = request;
    const { database, storage } = context;
    const { disputeId } = params;
    const { "if-match": ifMatch } = raw.headers;
    const contentLength = announcedLength(raw);
    // More than a file may have is its own refusal, below.
    const atMost = Math.min(contentLength ?? 0, MAX_EVIDENCE_BYTES);
    await requireTakesEvidence(database.prisma, disputeId, ifMatch, atMost);
    const query = validate(uploadEvidenceQuery, given);
    const sha256 = announcedSha256(raw.headers["content-digest"]?.toString());
    const type = requireType(raw);
    if (contentLength !== undefined && contentLength > MAX_EVIDENCE_BYTES) throw fileTooLarge();
    if (storage === undefined) throw storageNotConfigured();
    const dispute = await uploadEvidence(
      { database, storage, logger },
      { disputeId, source: raw, type, query, contentLength, sha256, ifMatch },
      { actor: principal.subject, requestId },
      (within, changed) => keep(within, disputeReply(changed, 201)),
    );
    return disputeReply(dispute, 201);
  },
});

const download = defineRoute({
  method: "GET",
  path: "/v1/disputes/:disputeId/evidence/:evidenceId/download",
  operationId: "downloadDisputeEvidence",
  summary: "A link to an uploaded file",
  isTraced: true,
  permission: "dispute:read",
  params: Joi.object<{ disputeId: string; evidenceId: string }>({
    disputeId: uuid().required(),
    evidenceId: uuid().required(),
  }),
  answers: { 200: { description: "The link", body: downloadLinkSchema } },
  errors: ["storage_not_configured"],
  handler: async ({ database, storage, config }, { params, principal, requestId }) => {
    const by = { actor: principal.subject, requestId };
    const ttl = config.exportUrlTtlSeconds;
    const body = await database.transaction((within) =>
      downloadEvidence(within, storage, params, by, ttl),
    );
    return { status: 200, body };
  },
});

/** Undefined: the body comes in chunks, or there is none. */
function announcedLength({ headers }: IncomingMessage): number | undefined {
  const given = headers["content-length"];
  return given === undefined ? undefined : Number(given);
}

function requireType({ headers }: IncomingMessage): EvidenceType {
  const type = evidenceTypeOf(headers["content-type"] ?? "");
  const encoding = headers["content-encoding"] ?? "identity";
  if (type !== undefined && encoding.toLowerCase() === "identity") return type;
  throw new DocketError(
    "unsupported_media_type",
    `The Content-Type must be one of ${Object.keys(EVIDENCE_TYPES).join(", ")}, without a Content-Encoding.`,
  );
}

export const evidenceRoutes: readonly Route[] = [upload, download];
