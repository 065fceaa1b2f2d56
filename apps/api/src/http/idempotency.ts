import { DocketError } from "@docket/domain";
import type { Logger } from "@docket/platform";
import type { Database } from "@docket/platform/database";
import Joi from "joi";
import {
  claimKey,
  freeKey,
  keepAnswer,
  keyInUse,
  renewKey,
  type HeldKey,
  type KeptAnswer,
  type KeyScope,
} from "@docket/platform/rows";
import type { Fingerprint } from "./fingerprint.ts";
import type { Keep, Reply } from "./route.ts";

/** A third of the lease: two renewals may fail before it runs out. */
const RENEW_MS = 20_000;

const VISIBLE = /^[\x21-\x7e]{1,255}$/;

const MALFORMED = { "malformed.key": "{#label} must be 1 to 255 visible ASCII characters" };

/** The two names of the header. A header given twice is joined with a comma and a space, and so is malformed. */
export const keyHeaders = Joi.object<KeyHeaders>({
  "Idempotency-Key": Joi.any().custom(visible).messages(MALFORMED),
  "X-Idempotency-Key": Joi.any()
    .custom(visible)
    .custom((value: unknown, helpers) => {
      const [{ "Idempotency-Key": other = value }] = helpers.state.ancestors as [KeyHeaders];
      return value === other ? value : helpers.error("refused.two_keys");
    })
    .messages({
      ...MALFORMED,
      "refused.two_keys": "Idempotency-Key and X-Idempotency-Key must not differ",
    }),
});

export type KeyHeaders = {
  readonly "Idempotency-Key"?: unknown;
  readonly "X-Idempotency-Key"?: unknown;
};

function visible(value: unknown, helpers: Joi.CustomHelpers): unknown {
  return VISIBLE.test(String(value)) ? value : helpers.error("malformed.key");
}

/** What the two headers of checked requests say; undefined when there is none. */
export const keyOf = (headers: KeyHeaders): string | undefined =>
  (headers["Idempotency-Key"] ?? headers["X-Idempotency-Key"]) as string | undefined;

/** How a handler without an idempotency key keeps its answer: not at all. */
export const keepNothing: Keep = async (_within, reply) => reply;

export type IdempotencyTools = {
  readonly prisma: Database["prisma"];
  readonly logger: Logger;
  readonly fingerprint: Fingerprint;
  readonly renewMs?: number;
};

/**
 * Runs `handle` once for all requests that are the same, and gives its answer to each of them (contract §1, "Idempotency").
 *
 * @throws DocketError `idempotency_key_in_use`, `idempotency_key_reused`, and whatever `handle` throws: then the key is free again.
 */
export async function idempotently(
  tools: IdempotencyTools,
  scope: KeyScope,
  handle: (keep: Keep) => Promise<Reply>,
): Promise<Reply> {
  const claim = await claimKey(tools.prisma, scope);
  if (claim.state === "in use") throw keyInUse();
  if (claim.state === "answered") return again(claim.answer, tools.fingerprint);
  return first(tools, claim.held, handle);
}

/** The first answer once more. The request is hashed to its end, and not applied. */
async function again({ fingerprint, reply }: KeptAnswer, asked: Fingerprint): Promise<Reply> {
  if ((await asked.digestUnread()) !== fingerprint) throw reused();
  return { ...reply, headers: { ...reply.headers, "Idempotency-Replayed": "true" } };
}

async function first(
  { prisma, logger, fingerprint, renewMs = RENEW_MS }: IdempotencyTools,
  held: HeldKey,
  handle: (keep: Keep) => Promise<Reply>,
): Promise<Reply> {
  const onFault = (message: string) => (error: unknown) => logger.warn({ err: error }, message);
  const timer = setInterval(
    () => void renewKey(prisma, held).catch(onFault("an idempotency key was not renewed")),
    renewMs,
  );
  let kept = false;
  const keep: Keep = async (within, reply) => {
    const digest = await fingerprint.digest();
    await keepAnswer(within, held, { fingerprint: digest, reply });
    kept = true;
    return reply;
  };
  try {
    const reply = await handle(keep);
    // A handler that had nothing to commit.
    return kept ? reply : await keep(prisma, reply);
  } catch (error) {
    // When this fails too, the lease frees the key.
    await freeKey(prisma, held).catch(onFault("an idempotency key was not freed"));
    throw error;
  } finally {
    clearInterval(timer);
  }
}

const reused = (): DocketError =>
  new DocketError(
    "idempotency_key_reused",
    "This idempotency key was used for another request: use a new key for each.",
  );
