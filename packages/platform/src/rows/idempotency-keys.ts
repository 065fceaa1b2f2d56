import { randomUUID } from "node:crypto";
import { DocketError } from "@docket/domain";
import { currentTenant, type Prisma, type Statements } from "../database/index.ts";

/** How long a kept answer is given again (contract §1). */
const KEPT = "24 hours";
/** How long a request in flight holds its key without a sign of life (contract §1). */
const LEASE_SECONDS = 60;

/** Within the tenant, what a key belongs to. */
export type KeyScope = {
  readonly principal: string;
  readonly method: string;
  readonly path: string;
  readonly key: string;
};

/** A key that this request holds. `holder` is the fence: every write below names it. */
export type HeldKey = KeyScope & { readonly holder: string };

/** The first answer, and the request that it answered. */
export type KeptAnswer = {
  readonly fingerprint: string;
  readonly reply: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
};

export type Claim =
  | { readonly state: "held"; readonly held: HeldKey }
  | { readonly state: "in use" }
  | { readonly state: "answered"; readonly answer: KeptAnswer };

type Queries = Pick<Prisma.TransactionClient, "$queryRaw" | "$executeRaw">;

/**
 * Takes a key, or finds the answer that it was given already. A key whose day is over, or whose holder gave no sign of life for a
 * lease, is free.
 */
export async function claimKey(within: Queries, scope: KeyScope): Promise<Claim> {
  const { principal, method, path, key } = scope;
  const holder = randomUUID();
  // Of two at once one inserts, and the other waits on the primary key for it, and then finds a lease that is running: its DO
  // UPDATE changes nothing. All instants are the database's, so that servers whose clocks differ agree.
  const taken = await within.$executeRaw`
    INSERT INTO idempotency_keys AS k (tenant_id, principal, method, path, key, holder, locked_until, expires_at)
    VALUES (${currentTenant()}::uuid, ${principal}, ${method}, ${path}, ${key}, ${holder}::uuid,
      now() + make_interval(secs => ${LEASE_SECONDS}), now() + ${KEPT}::interval)
    ON CONFLICT (tenant_id, principal, method, path, key) DO UPDATE
    SET holder = excluded.holder, locked_until = excluded.locked_until, expires_at = excluded.expires_at, created_at = now(),
        fingerprint = NULL, status = NULL, headers = NULL, body = NULL
    WHERE k.expires_at <= now() OR k.locked_until <= now()`;
  if (taken === 1) return { state: "held", held: { ...scope, holder } };
  const [row] = await within.$queryRaw<AnsweredRow[]>`
    SELECT fingerprint, status, headers, body FROM idempotency_keys
    WHERE principal = ${principal} AND method = ${method} AND path = ${path} AND key = ${key} AND status IS NOT NULL`;
  // None: its holder has failed in this very moment, or is at work; to try again is right in both cases.
  return row === undefined ? { state: "in use" } : { state: "answered", answer: answerOf(row) };
}

/** A sign of life of the request that holds the key. */
export async function renewKey(within: Queries, held: HeldKey): Promise<void> {
  await within.$executeRaw`
    UPDATE idempotency_keys
    SET locked_until = now() + make_interval(secs => ${LEASE_SECONDS}), expires_at = now() + ${KEPT}::interval
    WHERE principal = ${held.principal} AND method = ${held.method} AND path = ${held.path} AND key = ${held.key}
      AND holder = ${held.holder}::uuid AND status IS NULL`;
}

/**
 * Writes the answer down, to commit together with the effect.
 *
 * @throws DocketError `idempotency_key_in_use` when another request has taken the key since, because this one gave no sign of
 * life for too long: then the effect must not be committed.
 */
export async function keepAnswer(
  within: Statements,
  held: HeldKey,
  { fingerprint, reply }: KeptAnswer,
): Promise<void> {
  const { principal, method, path, key, holder } = held;
  const { status, headers, body } = reply;
  const text = body === undefined ? null : JSON.stringify(body);
  // Conditional on the holder, in the effect's own transaction: of two requests that both believe they hold the key, the row lock
  // lets one pass, and the other finds the key no longer its own and takes its effect back.
  const answer = [fingerprint, status, JSON.stringify(headers ?? {}), text];
  const values = [principal, method, path, key, holder, ...answer];
  const kept = await within.$executeRawUnsafe(KEEP, ...values);
  if (kept !== 1) throw keyInUse();
}

const KEEP = `
  UPDATE idempotency_keys
  SET fingerprint = $6::text, status = $7::int, headers = $8::jsonb, body = $9::text, locked_until = NULL,
      expires_at = now() + '${KEPT}'::interval
  WHERE principal = $1::text AND method = $2::text AND path = $3::text AND key = $4::text
    AND holder = $5::uuid AND status IS NULL`;

/** Leaves the key free after a refusal or a failure. A key whose answer was committed stays, also when we never heard of the commit. */
export async function freeKey(within: Queries, held: HeldKey): Promise<void> {
  await within.$executeRaw`
    DELETE FROM idempotency_keys
    WHERE principal = ${held.principal} AND method = ${held.method} AND path = ${held.path} AND key = ${held.key}
      AND holder = ${held.holder}::uuid AND status IS NULL`;
}

/** The refusal while the first request with the key is still running. */
export const keyInUse = (): DocketError =>
  new DocketError(
    "idempotency_key_in_use",
    "The first request with this idempotency key is still running.",
    { retryAfterSeconds: 1 },
  );

type AnsweredRow = {
  readonly fingerprint: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
};

/** Parsed and written again, JSON of our own making is the same bytes. */
const answerOf = ({ fingerprint, status, headers, body }: AnsweredRow): KeptAnswer => ({
  fingerprint,
  reply: { status, headers, ...(body !== null && { body: JSON.parse(body) as unknown }) },
});
