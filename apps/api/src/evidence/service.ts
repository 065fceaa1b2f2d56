import {
  notFound,
  assertDisputeActionAllowed,
  assertEvidenceFits,
  type AddEvidenceRequest,
  type DisputeState,
  type EvidenceTotals,
} from "@docket/domain";
import { currentTenant, type Transaction } from "@docket/platform/database";
import type { Actor } from "@docket/platform/rows";
import type { Storage } from "@docket/platform/storage";
import {
  changeLocked,
  findDispute,
  lockDispute,
  recordDisputeEvent,
  withEvidence,
  type DisputeRow,
  type FullDispute,
} from "../disputes/service.ts";
import { storageNotConfigured } from "../exports/service.ts";
import { requireMatch, type IfMatch } from "../http/etag.ts";
import { fileOf, type EvidenceFile } from "./file.ts";

/** Evidence to be added: a URL, or a file that is already in the store. */
export type NewEvidence = Pick<AddEvidenceRequest, "comment" | "kind"> &
  (Pick<AddEvidenceRequest, "fileUrl"> | { readonly id: string; readonly file: EvidenceFile });

/**
 * Adds evidence to a dispute. State and limits are checked under the dispute's row lock, so that simultaneous requests cannot
 * exceed them.
 *
 * @throws DocketError `not_found`, `precondition_failed`, `invalid_dispute_transition`, `history_limit_reached`,
 * `evidence_limit_reached`.
 */
export async function addEvidence(
  tx: Transaction,
  disputeId: string,
  evidence: NewEvidence,
  by: Actor,
  ifMatch: IfMatch,
): Promise<FullDispute> {
  const locked = await lockDispute(tx, disputeId, ifMatch);
  assertTakesEvidence(locked.row);
  const size = "file" in evidence ? evidence.file.sizeBytes : 0;
  assertEvidenceFits(await totalsOf(tx, disputeId), size);
  const { id: evidenceId } = await tx.evidence.create({
    data: {
      tenantId: currentTenant(),
      disputeId,
      comment: evidence.comment,
      kind: evidence.kind,
      submittedBy: by.actor,
      submittedAt: locked.at,
      ...contentColumns(evidence),
    },
    select: { id: true },
  });
  return changeLocked(tx, locked, { action: "add-evidence", evidenceId }, by);
}

function contentColumns(evidence: NewEvidence) {
  if (!("file" in evidence)) return { fileUrl: evidence.fileUrl };
  const { key: objectKey, sizeBytes, ...facts } = evidence.file;
  return { id: evidence.id, objectKey, sizeBytes: BigInt(sizeBytes), ...facts };
}

/**
 * Checks a dispute before an upload's body is read, to refuse early what {@link addEvidence} would refuse at the end.
 *
 * @param bytes the size of the file, or 0 if it is unknown.
 * @throws DocketError as {@link addEvidence}.
 */
export async function requireTakesEvidence(
  tx: Transaction,
  disputeId: string,
  ifMatch: IfMatch,
  bytes: number,
): Promise<void> {
  const row = await findDispute(tx, disputeId);
  requireMatch(ifMatch, row.version);
  assertTakesEvidence(row);
  assertEvidenceFits(await totalsOf(tx, disputeId), bytes);
}

const assertTakesEvidence = ({ state, version }: DisputeRow): void =>
  assertDisputeActionAllowed({ state: state as DisputeState, version }, "add-evidence");

async function totalsOf(tx: Transaction, disputeId: string): Promise<EvidenceTotals> {
  const { _count, _sum } = await tx.evidence.aggregate({
    where: { disputeId },
    _count: true,
    _sum: { sizeBytes: true },
  });
  return { items: _count, bytes: Number(_sum.sizeBytes ?? 0) };
}

/** The response of a download (docs/api.md §4). */
export type EvidenceDownload = {
  readonly downloadUrl: string;
  readonly fileName: string;
  readonly sha256: string;
  /** Seconds. */
  readonly expiresIn: number;
};

/**
 * Presigns the URL of an uploaded file and records an event.
 *
 * @param options `expiresIn` is the lifetime of the URL in seconds.
 * @throws DocketError `not_found`, also for evidence given by URL; `storage_not_configured`.
 */
export async function downloadEvidence(
  tx: Transaction,
  storage: Storage | undefined,
  { disputeId, evidenceId }: { readonly disputeId: string; readonly evidenceId: string },
  by: Actor,
  { now, expiresIn }: { readonly now: Date; readonly expiresIn: number },
): Promise<EvidenceDownload> {
  const dispute = await withEvidence(tx, await findDispute(tx, disputeId));
  const row = await tx.evidence.findFirst({ where: { id: evidenceId, disputeId } });
  const file = row === null ? undefined : fileOf(row);
  if (file === undefined) throw notFound("evidence");
  if (storage === undefined) throw storageNotConfigured();
  const { key, contentType, fileName, sha256 } = file;
  const downloadUrl = await storage.presignDownload({
    key,
    fileName,
    contentType,
    expiresInSeconds: expiresIn,
  });
  await recordDisputeEvent(tx, by, "dispute.evidence-downloaded", dispute, { at: now, evidenceId });
  return { downloadUrl, fileName, sha256, expiresIn };
}
