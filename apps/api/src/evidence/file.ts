import { disputePath } from "@docket/domain";
import type { EvidenceRow } from "../disputes/service.ts";

/** An uploaded file in the object store. */
export type EvidenceFile = {
  readonly key: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  /** Hex. */
  readonly sha256: string;
};

/** The path of a piece of evidence, which is also its subject in the audit trail. */
export const evidencePath = (disputeId: string, evidenceId: string): string =>
  `${disputePath(disputeId)}/evidence/${evidenceId}`;

/** Returns undefined for evidence given by URL. */
export function fileOf(row: EvidenceRow): EvidenceFile | undefined {
  const { objectKey: key, fileName, contentType, sizeBytes, sha256 } = row;
  if (key === null) return undefined;
  // A CHECK of the table guarantees that a row with a key has all four.
  if (fileName === null || contentType === null || sizeBytes === null || sha256 === null) {
    throw new Error("evidence row with an incomplete file");
  }
  return { key, fileName, contentType, sizeBytes: Number(sizeBytes), sha256 };
}
