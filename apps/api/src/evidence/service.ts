import {
  notFound,
  requireAllowed,
  requireRoom,
  type AddEvidenceRequest,
  type DisputeState,
  type EvidenceTotals,
} from "@docket/domain";
import { currentTenant, type Prisma, type Transaction } from "@docket/platform/database";
import type { Storage } from "@docket/platform/storage";
import { recordAudit, type Actor } from "@docket/platform/rows";
import {
  changeLocked,
  disputePath,
  findDispute,
  lockDispute,
  type FullDispute,
} from "../disputes/service.ts";
import { requireMatch, type IfMatch } from "../http/etag.ts";
import { storageNotConfigured } from "../exports/service.ts";

/** What evidence is called in the audit trail. */
export const evidencePath = (disputeId: string, evidenceId: string): string =>
  `${disputePath(disputeId)}/evidence/${evidenceId}`;

/** A file of ours, stored. */
export type StoredFile = {
  readonly id: string;
  readonly objectKey: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly sizeBytes: bigint;
  readonly sha256: string;
};

/** Evidence to come: a reference, or a file of ours that is stored already. */
export type NewEvidence = { readonly comment: string } & (
  | Pick<AddEvidenceRequest, "fileUrl">
  | { readonly file: StoredFile }
);

/**
 * Adds evidence to a dispute.
 *
 * State and limits are looked at under the dispute's row lock: of many at once, no one slips past them.
 * @throws DocketError `not_found`, `precondition_failed`, `invalid_dispute_transition`, `evidence_limit_reached`.
 */
export async function addEvidence(
  within: Transaction,
  disputeId: string,
  evidence: NewEvidence,
  by: Actor,
  ifMatch: IfMatch,
): Promise<FullDispute> {
  const locked = await lockDispute(within, disputeId, ifMatch);
  requireAllowed(locked.row.state as DisputeState, "add-evidence");
  const size = "file" in evidence ? Number(evidence.file.sizeBytes) : 0;
  requireRoom(await totalsOf(within, disputeId), size);
  const { id: evidenceId } = await within.evidence.create({
    data: {
      tenantId: currentTenant(),
      disputeId,
      comment: evidence.comment,
      submittedBy: by.actor,
      submittedAt: locked.at,
      ...("file" in evidence ? evidence.file : { fileUrl: evidence.fileUrl }),
    },
    select: { id: true },
  });
  return changeLocked(within, locked, { action: "add-evidence", evidenceId }, by);
}

/**
 * A first look, before a body is read: most uploads that would be refused at the end are refused here.
 *
 * @throws DocketError as {@link addEvidence}.
 */
export async function requireTakesEvidence(
  within: Transaction,
  disputeId: string,
  ifMatch: IfMatch,
  bytes: number,
): Promise<void> {
  const row = await findDispute(within, disputeId);
  requireMatch(ifMatch, row.version);
  requireAllowed(row.state as DisputeState, "add-evidence");
  requireRoom(await totalsOf(within, disputeId), bytes);
}

async function totalsOf(within: Transaction, disputeId: string): Promise<EvidenceTotals> {
  const { _count, _sum } = await within.evidence.aggregate({
    where: { disputeId },
    _count: true,
    _sum: { sizeBytes: true },
  });
  return { items: _count, bytes: Number(_sum.sizeBytes ?? 0) };
}

/** A link to an uploaded file (contract §4). */
export type EvidenceDownload = {
  readonly downloadUrl: string;
  readonly fileName: string;
  readonly sha256: string;
  readonly expiresIn: number;
};

/**
 * Signs a link to an uploaded file, and writes down who took it.
 *
 * @throws DocketError `not_found`, also for evidence that is a URL; `storage_not_configured`.
 */
export async function downloadEvidence(
  within: Transaction,
  storage: Storage | undefined,
  where: { readonly disputeId: string; readonly evidenceId: string },
  by: Actor,
  expiresIn: number,
): Promise<EvidenceDownload> {
  const { disputeId, evidenceId } = where;
  await findDispute(within, disputeId);
  const row = await within.evidence.findFirst({ where: { id: evidenceId, disputeId } });
  const file = row === null ? undefined : fileOf(row);
  if (file === undefined) throw notFound("evidence");
  if (storage === undefined) throw storageNotConfigured();
  const { key, contentType, fileName, sha256 } = file;
  const link = { key, fileName, contentType, expiresInSeconds: expiresIn };
  const downloadUrl = await storage.presignDownload(link);
  await recordAudit(within, by, "evidence.downloaded", evidencePath(disputeId, evidenceId));
  return { downloadUrl, fileName, sha256, expiresIn };
}

type EvidenceFile = {
  readonly key: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly sha256: string;
};

/** The file of a row that has one. */
export function fileOf(row: Prisma.EvidenceGetPayload<object>): EvidenceFile | undefined {
  const { objectKey: key, fileName, contentType, sizeBytes, sha256 } = row;
  if (key === null) return undefined;
  // The table's own check has it that a row with a key has all of them.
  if (fileName === null || contentType === null || sizeBytes === null || sha256 === null) {
    throw new Error("an evidence row is half a file");
  }
  return { key, fileName, contentType, sizeBytes: Number(sizeBytes), sha256 };
}
