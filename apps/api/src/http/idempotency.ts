import { DocketError } from "@docket/domain";
import type { Logger, Sealer } from "@docket/platform";
import type { Database, Statements } from "@docket/platform/database";
import {
  acquireKey,
  keyInUse,
  releaseKey,
  renewKey,
  storeResponse,
  type HeldKey,
  type KeyScope,
  type StoredResponse,
} from "@docket/platform/rows";
import type { Fingerprint } from "./body/fingerprint.ts";
import type { Reply } from "./reply.ts";
import { openReply, sealReply } from "./sealed-reply.ts";

/** Private to this module: nothing else can make a {@link PersistedReply}. */
const content = Symbol("reply");

/**
 * A reply that commits together with its effect. Every write handler must return one, so that a handler which does not persist
 * its reply does not compile.
 */
export type PersistedReply = { readonly [content]: Reply };

/**
 * Stores the reply to a request with an idempotency key through `tx`, the transaction of the effect; without a key, stores nothing.
 * To be called last in the transaction.
 *
 * @throws DocketError `idempotency_key_in_use` when another request has acquired the key since: the effect must not commit.
 */
export type Persist = (tx: Statements, reply: Reply) => Promise<PersistedReply>;

/** Runs a write without an idempotency key. */
export async function runWithoutKey(
  handle: (persist: Persist) => Promise<PersistedReply>,
): Promise<Reply> {
  const { [content]: reply } = await handle(async (_tx, made) => ({ [content]: made }));
  return reply;
}

export type IdempotencyTools = {
  readonly prisma: Database["prisma"];
  readonly logger: Logger;
  readonly fingerprint: Fingerprint;
  /** Encrypts the replies that hold a secret. */
  readonly sealer?: Sealer | undefined;
  readonly renewMs?: number;
};

/** A third of the lease: two renewals may fail before it expires. */
const RENEW_MS = 20_000;

/**
 * Runs a write once for all requests that are the same, and answers each of them with its reply (docs/api.md §1, "Idempotency").
 *
 * @throws DocketError `idempotency_key_in_use`, `idempotency_key_reused`, and whatever `handle` throws; the key is then free again.
 */
export async function runOnce(
  tools: IdempotencyTools,
  scope: KeyScope,
  handle: (persist: Persist) => Promise<PersistedReply>,
): Promise<Reply> {
  const key = await acquireKey(tools.prisma, scope);
  if (key.state === "in use") throw keyInUse();
  if (key.state === "answered") return replay(key.response, tools);
  return runHolding(key.held, tools, handle);
}

/** Answers with the stored reply. The request is hashed and not applied. */
async function replay(
  stored: StoredResponse,
  { fingerprint, sealer }: IdempotencyTools,
): Promise<Reply> {
  if ((await fingerprint.digestUnread()) !== stored.fingerprint) throw keyReused();
  const reply = openReply(stored.reply, sealer);
  return { ...reply, headers: { ...reply.headers, "Idempotency-Replayed": "true" } };
}

async function runHolding(
  held: HeldKey,
  { prisma, logger, fingerprint, sealer, renewMs = RENEW_MS }: IdempotencyTools,
  handle: (persist: Persist) => Promise<PersistedReply>,
): Promise<Reply> {
  const logFailure = (message: string) => (error: unknown) => logger.warn({ err: error }, message);
  const timer = setInterval(
    () => void renewKey(prisma, held).catch(logFailure("idempotency key renewal failed")),
    renewMs,
  );
  try {
    const { [content]: reply } = await handle(async (tx, made) => {
      const kept = sealReply(made, sealer);
      await storeResponse(tx, held, { fingerprint: await fingerprint.digest(), reply: kept });
      return { [content]: made };
    });
    return reply;
  } catch (error) {
    // If this fails too, the key is free when its lease expires.
    await releaseKey(prisma, held).catch(logFailure("idempotency key release failed"));
    throw error;
  } finally {
    clearInterval(timer);
  }
}

const keyReused = (): DocketError =>
  new DocketError(
    "idempotency_key_reused",
    "This idempotency key was used for another request; send a new key with each new request.",
  );
