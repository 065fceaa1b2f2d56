import type { Readable } from "node:stream";
import {
  DocketError,
  evidenceObjectKey,
  safeFileName,
  type EvidenceType,
  type UploadEvidenceQuery,
} from "@docket/domain";
import type { Logger } from "@docket/platform";
import { currentTenant, type Database, type Transaction } from "@docket/platform/database";
import type { Storage } from "@docket/platform/storage";
import type { Actor } from "@docket/platform/rows";
import { addEvidence } from "./service.ts";
import type { FullDispute } from "../disputes/service.ts";
import type { IfMatch } from "../http/etag.ts";
import { receiveBody, type EvidenceBody } from "./body.ts";
import type { Permit } from "../http/semaphore.ts";
import type { Semaphores } from "../semaphores.ts";

/** Within this time a file must have come. The orphan sweeper takes away what is older than 15 minutes and not committed. */
const UPLOAD_MS = 600_000;

/** S3's smallest part. A body of unknown length is buffered by parts: two of them, and two uploads' worth of copies. */
const PART_BYTES = 5 * 1_048_576;

const NEVER = new AbortController().signal;

export type UploadInput = {
  readonly disputeId: string;
  readonly source: Readable;
  readonly type: EvidenceType;
  readonly query: UploadEvidenceQuery;
  /** Absent: the body comes in chunks. */
  readonly contentLength: number | undefined;
  /** Announced by the caller; hex. */
  readonly sha256: string | undefined;
  readonly ifMatch: IfMatch;
  readonly uploadMs?: number;
};

export type UploadTools = {
  readonly database: Pick<Database, "prisma" | "transaction">;
  readonly storage: Storage;
  readonly logger: Logger;
  readonly semaphores: Pick<Semaphores, "sizedUploads" | "chunkedUploads" | "uploadCommits">;
};

/**
 * Stores a file as it comes and makes it evidence.
 *
 * The object is noted before its first byte and committed by the transaction that writes the evidence row. So there is never a
 * row without an object, and an object without a row is found by its note: here, or by the orphan sweeper when we do not live.
 * @throws DocketError as `addEvidence`, and what is wrong with the body; StorageError.
 */
export async function uploadEvidence<Result>(
  tools: UploadTools,
  input: UploadInput,
  by: Actor,
  beforeCommit: (tx: Transaction, dispute: FullDispute) => Promise<Result>,
): Promise<Result> {
  const { database } = tools;
  const [{ id }] = await database.prisma.$queryRaw<[{ id: string }]>`SELECT uuid_v7() AS id`;
  const owner = `evidence:${id}`;
  const file = { tenantId: currentTenant(), disputeId: input.disputeId, evidenceId: id };
  const objectKey = evidenceObjectKey(file, input.type);
  const { sizeBytes, sha256 } = await store(tools, input, { key: objectKey, owner });
  // Whether or not the caller is still there: the file is.
  const permit = await tools.semaphores.uploadCommits.acquire(NEVER);
  try {
    return await database.transaction(async (within) => {
      const { type, query, disputeId, ifMatch } = input;
      const fileName = safeFileName(query.fileName ?? "", type, id);
      const evidence = {
        comment: query.comment,
        file: { id, objectKey, fileName, contentType: type, sizeBytes: BigInt(sizeBytes), sha256 },
      };
      const dispute = await addEvidence(within, disputeId, evidence, by, ifMatch);
      // Conditional on the owner: whoever gives the object up renames it first, and one of the two finds nothing.
      const { count } = await within.storedObject.updateMany({
        where: { key: objectKey, owner, committedAt: null },
        data: { committedAt: dispute.row.updatedAt },
      });
      if (count !== 1) throw new Error("the object's note is gone: it was swept");
      return beforeCommit(within, dispute);
    });
  } catch (error) {
    await giveUp(tools, { key: objectKey, owner }, false);
    throw error;
  } finally {
    permit.release();
  }
}

type Noted = { readonly key: string; readonly owner: string };

/** Sends the body to the store; when that fails, clears away what there is of it. */
async function store(
  tools: UploadTools,
  input: UploadInput,
  noted: Noted,
): Promise<ReturnType<EvidenceBody["sum"]>> {
  const { source, type, sha256, contentLength, uploadMs = UPLOAD_MS } = input;
  const late = new DocketError("bad_request", "The file took too long to arrive.");
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(late), uploadMs);
  // A whole body closes, too. Listened to from here, since an upload that waits for its turn reads nothing.
  const gone = (): void => {
    if (!source.readableEnded) limit.abort(new DocketError("bad_request", "The body broke off."));
  };
  source.once("close", gone);
  let permit: Permit | undefined;
  try {
    const { sizedUploads, chunkedUploads } = tools.semaphores;
    const semaphore = contentLength === undefined ? chunkedUploads : sizedUploads;
    permit = await semaphore.acquire(limit.signal, currentTenant());
    const body = receiveBody(source, { type, sha256 });
    limit.signal.addEventListener("abort", () => body.stop(limit.signal.reason as Error));
    await body.begun;
    await send(tools, body, input, noted);
    return body.sum();
  } finally {
    clearTimeout(timer);
    source.off("close", gone);
    permit?.release();
  }
}

async function send(
  tools: UploadTools,
  body: EvidenceBody,
  { type, contentLength }: UploadInput,
  noted: Noted,
): Promise<void> {
  const { database, storage } = tools;
  await database.prisma.storedObject.create({ data: { ...noted, tenantId: currentTenant() } });
  const object = { key: noted.key, body: body.stream, contentType: type };
  try {
    await (contentLength === undefined
      ? storage.upload({ ...object, partSizeBytes: PART_BYTES })
      : storage.put({ ...object, contentLength }));
  } catch (error) {
    await giveUp(tools, noted, body.isWhole());
    throw error;
  }
}

/**
 * Takes an object away that will be nobody's, and then its note.
 *
 * The rename comes first: a commit whose answer was lost has happened, and then nothing is renamed and nothing deleted, or it
 * cannot happen any more. When the store failed after all was sent, a late write may still bring the object (`mayComeLate`):
 * then the note stays for the sweeper.
 */
async function giveUp(
  { database, storage, logger }: UploadTools,
  { key, owner }: Noted,
  mayComeLate: boolean,
): Promise<void> {
  const orphan = mayComeLate ? owner : owner.replace("evidence:", "orphan:");
  try {
    const { count } = await database.prisma.storedObject.updateMany({
      where: { key, owner, committedAt: null },
      data: { owner: orphan },
    });
    if (count === 0) return;
    await storage.delete(key);
    if (mayComeLate) return;
    await database.prisma.storedObject.deleteMany({ where: { key, owner: orphan } });
  } catch (error) {
    logger.warn({ err: error, key }, "an object is left to the orphan sweeper");
  }
}
