import { EVIDENCE_KINDS, EVIDENCE_TYPES, MAX_EVIDENCE_BYTES, compact } from "@docket/domain";
import type { EvidenceRow } from "../disputes/service.ts";
import {
  choiceSchema,
  component,
  idSchema,
  instantSchema,
  objectSchema,
  sha256Schema,
  textSchema,
} from "../openapi/json-schema.ts";
import { evidencePath, fileOf, type EvidenceFile } from "./file.ts";

/** A piece of evidence in a response (docs/api.md §4). The `fileUrl` of an uploaded file is the path of its download. */
export function evidenceView(row: EvidenceRow): object {
  const file = fileOf(row);
  return compact({
    id: row.id,
    disputeId: row.disputeId,
    kind: row.kind,
    comment: row.comment,
    submittedBy: row.submittedBy,
    submittedAt: row.submittedAt.toISOString(),
    fileUrl: file === undefined ? row.fileUrl : `${evidencePath(row.disputeId, row.id)}/download`,
    file: file === undefined ? null : fileView(file),
  });
}

/** Leaves out the object's key, which must never be shown. */
const fileView = ({ fileName, contentType, sizeBytes, sha256 }: EvidenceFile): object => ({
  fileName,
  contentType,
  sizeBytes,
  sha256,
});

export const evidenceSchema = component(
  "Evidence",
  {
    id: idSchema,
    disputeId: idSchema,
    kind: choiceSchema(EVIDENCE_KINDS),
    comment: textSchema,
    submittedBy: textSchema,
    submittedAt: instantSchema,
    fileUrl: {
      type: "string",
      format: "uri-reference",
      description: "The given URL, or the path of an uploaded file's download.",
    },
  },
  {
    file: objectSchema({
      fileName: textSchema,
      contentType: choiceSchema(Object.keys(EVIDENCE_TYPES)),
      sizeBytes: { type: "integer", minimum: 1, maximum: MAX_EVIDENCE_BYTES },
      sha256: sha256Schema,
    }),
  },
);
