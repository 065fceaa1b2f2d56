import type { IncomingHttpHeaders } from "node:http";
import {
  addEvidenceRequest,
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
import {
  changeErrors,
  disputeParams,
  disputeReply,
  disputeResponse,
} from "../disputes/response.ts";
import { storageNotConfigured } from "../exports/service.ts";
import { contentLengthOf } from "../http/body/content-length.ts";
import { announcedSha256 } from "../http/content-digest.ts";
import { readRoute, streamRoute, writeRoute, type Route } from "../http/route.ts";
import { downloadLinkSchema } from "../openapi/download-link.ts";
import { mapValues } from "../openapi/map-values.ts";
import { fileTooLarge } from "./file-check.ts";
import { addEvidence, downloadEvidence, requireTakesEvidence } from "./service.ts";
import { uploadEvidence, withQueryPermit } from "./upload.ts";

const addUrl = writeRoute({
  method: "POST",
  path: "/v1/disputes/:disputeId/evidence",
  operationId: "addDisputeEvidence",
  summary: "Add evidence by URL; the server stores the URL and never fetches it",
  permission: "dispute:write",
  params: disputeParams,
  body: addEvidenceRequest,
  responses: { 200: disputeResponse },
  errors: [...changeErrors, "evidence_limit_reached"],
  handler: async ({ database, now }, { params, body, by, headers, persist }) => {
    const ifMatch = headers["if-match"];
    return database.transaction(async (tx) => {
      const dispute = await addEvidence(tx, params.disputeId, body, by, ifMatch);
      return persist(tx, disputeReply(dispute, now()));
    });
  },
});

const upload = streamRoute({
  method: "POST",
  path: "/v1/disputes/:disputeId/evidence/upload",
  operationId: "uploadDisputeEvidence",
  summary: "Upload a PDF, PNG, JPEG or CSV of at most 10 MiB as evidence; the body is the file",
  permission: "dispute:write",
  params: disputeParams,
  // Only the names are checked here. The values are checked after the dispute and its state (docs/api.md §4).
  query: Joi.object({ comment: Joi.any(), fileName: Joi.any(), kind: Joi.any() }),
  documentedQuery: uploadEvidenceQuery,
  media: mapValues(EVIDENCE_TYPES, () => ({})),
  minBytesPerSecond: 32 * 1_024,
  headers: ["Content-Digest"],
  responses: { 201: disputeResponse },
  errors: [...changeErrors, "evidence_limit_reached", "storage_not_configured"],
  handler: async ({ database, storage, semaphores, turns, now }, request) => {
    const { params, headers, by, body, logger, signal, persist } = request;
    const { disputeId } = params;
    const ifMatch = headers["if-match"];
    const contentLength = contentLengthOf(headers);
    // A larger file is refused below, with 413.
    const size = Math.min(contentLength ?? 0, MAX_EVIDENCE_BYTES);
    await withQueryPermit(
      semaphores,
      () => requireTakesEvidence(database.prisma, disputeId, ifMatch, size),
      { signal },
    );
    const query = validate(uploadEvidenceQuery, request.query);
    const sha256 = announcedSha256(headers["content-digest"]?.toString());
    const type = requireType(headers);
    if (contentLength !== undefined && contentLength > MAX_EVIDENCE_BYTES) throw fileTooLarge();
    if (storage === undefined) throw storageNotConfigured();
    return uploadEvidence(
      { database, storage, logger, semaphores, turns },
      { disputeId, body, type, query, contentLength, sha256, ifMatch, signal },
      by,
      (tx, dispute) => persist(tx, disputeReply(dispute, now(), 201)),
    );
  },
});

const download = readRoute({
  method: "GET",
  path: "/v1/disputes/:disputeId/evidence/:evidenceId/download",
  operationId: "downloadDisputeEvidence",
  summary: "Get a presigned URL of an uploaded file",
  isAudited: true,
  permission: "dispute:read",
  params: Joi.object<{ disputeId: string; evidenceId: string }>({
    disputeId: uuid().required(),
    evidenceId: uuid().required(),
  }),
  responses: { 200: { description: "The URL", body: downloadLinkSchema } },
  errors: ["storage_not_configured"],
  handler: async ({ database, storage, config, now }, { params, by }) => {
    const options = { now: now(), expiresIn: config.exportUrlTtlSeconds };
    const body = await database.transaction((tx) =>
      downloadEvidence(tx, storage, params, by, options),
    );
    return { status: 200, body };
  },
});

function requireType(headers: IncomingHttpHeaders): EvidenceType {
  const type = evidenceTypeOf(headers["content-type"] ?? "");
  const encoding = headers["content-encoding"] ?? "identity";
  if (type !== undefined && encoding.toLowerCase() === "identity") return type;
  throw new DocketError(
    "unsupported_media_type",
    `The Content-Type must be one of ${Object.keys(EVIDENCE_TYPES).join(", ")}, without a Content-Encoding.`,
  );
}

export const evidenceRoutes: readonly Route[] = [addUrl, upload, download];
