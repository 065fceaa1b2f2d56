import { finished, type Readable } from "node:stream";
import {
  DocketError,
  evidenceObjectKey,
  safeFileName,
  type EvidenceType,
  type UploadEvidenceQuery,
} from "@docket/domain";
import type { Logger } from "@docket/platform";
import { currentTenant, type Database, type Transaction } from "@docket/platform/database";
import {
  commitObject,
  forgetObject,
  orphanObject,
  registerObject,
  UPLOAD_DEADLINE_MS,
  type Actor,
  type OwnedObject,
} from "@docket/platform/rows";
import type { Storage } from "@docket/platform/storage";
import type { FullDispute } from "../disputes/service.ts";
import type { IfMatch } from "../http/etag.ts";
import { withPermit } from "../http/semaphore.ts";
import type { Turns } from "../http/turns.ts";
import type { Semaphores } from "../semaphores.ts";
import { receiveFile, type ReceivedFile } from "./body.ts";
import type { Announced, FileSum } from "./file-check.ts";
import { addEvidence } from "./service.ts";

/** The smallest part that S3 accepts, because a chunked upload buffers its parts. */
const PART_BYTES = 5 * 1_048_576;

export type UploadInput = {
  readonly disputeId: string;
  readonly body: Readable;
  readonly type: EvidenceType;
  readonly query: UploadEvidenceQuery;
  /** Undefined for a chunked body. */
  readonly contentLength: number | undefined;
  readonly sha256: Announced["sha256"];
  readonly ifMatch: IfMatch;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
  readonly deadlineMs?: number;
};

export type UploadTools = {
  readonly database: Pick<Database, "prisma" | "transaction">;
  readonly storage: Storage;
  readonly logger: Logger;
  readonly semaphores: Pick<
    Semaphores,
    "sizedUploads" | "chunkedUploads" | "uploadCommits" | "uploadQueries"
  >;
  readonly turns: Turns;
};

/**
 * Streams a file into the store and adds it to a dispute as evidence.
 *
 * The object is registered before its first byte, and committed in the transaction that inserts the evidence. An evidence row
 * therefore always has its object, and an object without a row is deleted here or, after a crash, by the orphan sweeper.
 *
 * @returns what `beforeCommit` returns.
 * @throws DocketError as `addEvidence`, and for an invalid file; StorageError.
 */
export async function uploadEvidence<Result>(
  tools: UploadTools,
  input: UploadInput,
  by: Actor,
  beforeCommit: (tx: Transaction, dispute: FullDispute) => Promise<Result>,
): Promise<Result> {
  const { disputeId, type, query, ifMatch, signal } = input;
  const { database, semaphores } = tools;
  const [{ id }] = await withQueryPermit(
    semaphores,
    () => database.prisma.$queryRaw<[{ id: string }]>`SELECT uuid_v7() AS id`,
    { signal },
  );
  const key = evidenceObjectKey({ tenantId: currentTenant(), disputeId, evidenceId: id }, type);
  const object: OwnedObject = { key, owner: { kind: "evidence", id } };
  const sum = await store(tools, input, object);
  const fileName = safeFileName(query.fileName ?? "", type, id);
  const file = { key, fileName, contentType: type, ...sum };
  const commit = (): Promise<Result> =>
    withQueryPermit(semaphores, () =>
      database.transaction(async (tx) => {
        const evidence = { id, comment: query.comment, kind: query.kind, file };
        const dispute = await addEvidence(tx, disputeId, evidence, by, ifMatch);
        await commitObject(tx, object);
        return beforeCommit(tx, dispute);
      }),
    );
  try {
    // A stored file is committed even if the client has disconnected, so nothing aborts the wait.
    return await withPermit(semaphores.uploadCommits, disputeId, commit);
  } catch (error) {
    await discard(tools, object, false);
    throw error;
  }
}

/** Runs a query of an upload of the current tenant. Without a signal, nothing aborts the wait for the permit. */
export const withQueryPermit = <T>(
  { uploadQueries }: Pick<Semaphores, "uploadQueries">,
  query: () => Promise<T>,
  options?: { readonly signal: AbortSignal },
): Promise<T> => withPermit(uploadQueries, currentTenant(), query, options);

/** Streams the body into the store. If that fails, deletes what was stored. */
async function store(
  tools: UploadTools,
  { body, type, sha256, contentLength, deadlineMs = UPLOAD_DEADLINE_MS }: UploadInput,
  object: OwnedObject,
): Promise<FileSum> {
  const { sizedUploads, chunkedUploads } = tools.semaphores;
  const semaphore = contentLength === undefined ? chunkedUploads : sizedUploads;
  const aborter = new AbortController();
  const { signal } = aborter;
  // Nothing reads the body while the upload waits for its permit.
  finished(body, (error) => error && aborter.abort(error));
  const tenantId = currentTenant();
  const permit = await semaphore.acquire(tenantId, { signal });
  // From here on, because the client is not to blame for the wait.
  const late = new DocketError("bad_request", "The file took too long to arrive.");
  const timer = setTimeout(() => aborter.abort(late), deadlineMs);
  try {
    const nextTurn = (bytes: number): Promise<void> => tools.turns.next(tenantId, bytes);
    const file = receiveFile(body, { type, sha256 }, { nextTurn, signal });
    await file.started;
    await send(tools, file, { contentType: type, contentLength, object, signal });
    return file.sum();
  } finally {
    clearTimeout(timer);
    permit.release();
  }
}

async function send(
  tools: UploadTools,
  file: ReceivedFile,
  {
    contentType,
    contentLength,
    object,
    signal,
  }: Pick<UploadInput, "contentLength" | "signal"> & {
    readonly contentType: EvidenceType;
    readonly object: OwnedObject;
  },
): Promise<void> {
  const { database, storage, semaphores } = tools;
  await withQueryPermit(semaphores, () => registerObject(database.prisma, object), { signal });
  const put = { key: object.key, body: file.stream, contentType };
  try {
    await (contentLength === undefined
      ? storage.upload({ ...put, partSizeBytes: PART_BYTES })
      : storage.put({ ...put, contentLength }));
  } catch (error) {
    await discard(tools, object, file.isComplete());
    throw error;
  }
}

/**
 * Deletes an object that will not be committed, and its row.
 *
 * It is orphaned first. If its commit has taken place after all, because only the response was lost, nothing is deleted; if not,
 * it can no longer take place. If the store failed after the whole body was sent, the object may still appear (`mayAppear`): the
 * row then stays for the orphan sweeper.
 */
async function discard(
  { database, storage, logger, semaphores }: UploadTools,
  object: OwnedObject,
  mayAppear: boolean,
): Promise<void> {
  const { key } = object;
  try {
    const orphan = await withQueryPermit(semaphores, () => orphanObject(database.prisma, object));
    if (orphan === undefined) return;
    await storage.delete(key);
    if (!mayAppear) await withQueryPermit(semaphores, () => forgetObject(database.prisma, orphan));
  } catch (error) {
    logger.warn({ err: error, key }, "object deletion failed; the orphan sweeper will retry");
  }
}
