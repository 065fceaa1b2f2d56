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
import {
  commitObject,
  forgetObject,
  orphanObject,
  registerObject,
  UPLOAD_DEADLINE_MS,
  type Actor,
  type OwnedObject,
} from "@docket/platform/rows";
import { addEvidence } from "./service.ts";
import type { FullDispute } from "../disputes/service.ts";
import type { IfMatch } from "../http/etag.ts";
import { receiveBody, type EvidenceBody } from "./body.ts";
import type { FileSum } from "./file-check.ts";
import { createSlots } from "../http/slots.ts";

/** S3's smallest part. A body of unknown length is buffered by parts: two of them, and two uploads' worth of copies. */
const PART_BYTES = 5 * 1_048_576;

/** Hence no more than these at a time in this process; the others wait, unread. A tenant whose callers are slow leaves some for others. */
const chunked = createSlots(8, 5);

/** Each holds a connection to the store while it comes: fewer than there are (64), so that other requests find one. */
const announced = createSlots(48, 32);

/**
 * Files that came at once are whole at once: were each to take a connection then, and to wait for its dispute's row with it, there would
 * be none left for other requests. Those whose turn has not come hold nothing.
 */
const committing = createSlots(3);
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
};

/**
 * Stores a file as it comes and makes it evidence.
 *
 * The object is noted before its first byte and committed by the transaction that writes the evidence row. So there is never a
 * row without an object, and an object without a row is found by its note: here, or by the orphan sweeper when we do not live.
 * @throws DocketError as `addEvidence`, and what is wrong with the body; StorageError.
 */
export async function uploadEvidence(
  tools: UploadTools,
  input: UploadInput,
  by: Actor,
  beforeCommit: (within: Transaction, dispute: FullDispute) => Promise<unknown> = async () =>
    undefined,
): Promise<FullDispute> {
  const { database } = tools;
  const [{ id }] = await database.prisma.$queryRaw<[{ id: string }]>`SELECT uuid_v7() AS id`;
  const file = { tenantId: currentTenant(), disputeId: input.disputeId, evidenceId: id };
  const objectKey = evidenceObjectKey(file, input.type);
  const object: OwnedObject = { key: objectKey, owner: { kind: "evidence", id } };
  const { sizeBytes, sha256 } = await store(tools, input, object);
  // Whether or not the caller is still there: the file is.
  const release = await committing.take(NEVER);
  try {
    return await database.transaction(async (within) => {
      const { type, query, disputeId, ifMatch } = input;
      const fileName = safeFileName(query.fileName ?? "", type, id);
      const stored = { key: objectKey, fileName, contentType: type, sizeBytes, sha256 };
      const evidence = { id, comment: query.comment, file: stored };
      const dispute = await addEvidence(within, disputeId, evidence, by, ifMatch);
      await commitObject(within, object);
      await beforeCommit(within, dispute);
      return dispute;
    });
  } catch (error) {
    await giveUp(tools, object, false);
    throw error;
  } finally {
    release();
  }
}

/** Sends the body to the store; when that fails, clears away what there is of it. */
async function store(
  tools: UploadTools,
  input: UploadInput,
  object: OwnedObject,
): Promise<FileSum> {
  const { source, type, sha256, contentLength, uploadMs = UPLOAD_DEADLINE_MS } = input;
  const late = new DocketError("bad_request", "The file took too long to arrive.");
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(late), uploadMs);
  // A whole body closes, too. Listened to from here, since an upload that waits for its turn reads nothing.
  const gone = (): void => {
    if (!source.readableEnded) limit.abort(new DocketError("bad_request", "The body broke off."));
  };
  source.once("close", gone);
  let release = (): void => undefined;
  try {
    const slots = contentLength === undefined ? chunked : announced;
    release = await slots.take(limit.signal, currentTenant());
    const body = receiveBody(source, { type, sha256 });
    limit.signal.addEventListener("abort", () => body.stop(limit.signal.reason as Error));
    await body.started;
    await send(tools, body, input, object);
    return body.sum();
  } finally {
    clearTimeout(timer);
    source.off("close", gone);
    release();
  }
}

async function send(
  tools: UploadTools,
  body: EvidenceBody,
  { type, contentLength }: UploadInput,
  object: OwnedObject,
): Promise<void> {
  const { database, storage } = tools;
  await registerObject(database.prisma, object);
  const put = { key: object.key, body: body.stream, contentType: type };
  try {
    await (contentLength === undefined
      ? storage.upload({ ...put, partSizeBytes: PART_BYTES })
      : storage.put({ ...put, contentLength }));
  } catch (error) {
    await giveUp(tools, object, body.isComplete());
    throw error;
  }
}

/**
 * Deletes an object that will not be committed, and its row.
 *
 * It is orphaned first. If its commit has taken place after all, because only the response was lost, nothing is deleted; if not,
 * it can no longer take place. If the store failed after the whole body was sent, the object may still appear (`mayComeLate`):
 * the row then stays for the orphan sweeper.
 */
async function giveUp(
  { database, storage, logger }: UploadTools,
  object: OwnedObject,
  mayComeLate: boolean,
): Promise<void> {
  const { key } = object;
  try {
    const orphan = await orphanObject(database.prisma, object);
    if (orphan === undefined) return;
    await storage.delete(key);
    if (!mayComeLate) await forgetObject(database.prisma, orphan);
  } catch (error) {
    logger.warn({ err: error, key }, "object deletion failed; the orphan sweeper will retry");
  }
}
