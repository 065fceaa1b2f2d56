import { randomUUID } from "node:crypto";
import { DocketError } from "@docket/domain";
import { currentTenant, type Prisma, type Statements } from "../database/index.ts";

/** How long a stored response is replayed (docs/api.md §1, "Idempotency"). */
const RETENTION = "24 hours";
/** How long a request in flight holds its key without renewing it (docs/api.md §1, "Idempotency"). */
const LEASE_SECONDS = 60;

/** What a key belongs to, within its tenant. */
export type KeyScope = {
  readonly principal: string;
  readonly method: string;
  readonly path: string;
  readonly key: string;
};

/** A key that a request holds. `holder` is the fencing token: every write below is conditional on it. */
export type HeldKey = KeyScope & { readonly holder: string };

/** The first response, and the fingerprint of its request. */
export type StoredResponse = {
  readonly fingerprint: string;
  readonly reply: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
};

export type AcquiredKey =
  | { readonly state: "held"; readonly held: HeldKey }
  | { readonly state: "in use" }
  | { readonly state: "answered"; readonly response: StoredResponse };

type Queries = Pick<Prisma.TransactionClient, "$queryRaw" | "$executeRaw">;

/** Acquires a key, or finds its stored response. A key is free when its retention or its holder's lease has expired. */
export async function acquireKey(prisma: Queries, scope: KeyScope): Promise<AcquiredKey> {
  const { principal, method, path, key } = scope;
  const holder = randomUUID();
  // Of two concurrent requests, one inserts. The other waits for it on the primary key and then finds an unexpired lease, so its
  // DO UPDATE changes nothing. All times are the database's: the clocks of the servers may differ.
  const acquired = await prisma.$executeRaw`
    INSERT INTO idempotency_keys AS k (tenant_id, principal, method, path, key, holder, locked_until, expires_at)
    VALUES (${currentTenant()}::uuid, ${principal}, ${method}, ${path}, ${key}, ${holder}::uuid,
      now() + make_interval(secs => ${LEASE_SECONDS}), now() + ${RETENTION}::interval)
    ON CONFLICT (tenant_id, principal, method, path, key) DO UPDATE
    SET holder = excluded.holder, locked_until = excluded.locked_until, expires_at = excluded.expires_at, created_at = now(),
        fingerprint = NULL, status = NULL, headers = NULL, body = NULL, body_bytes = NULL
    WHERE k.expires_at <= now() OR k.locked_until <= now()`;
  if (acquired === 1) return { state: "held", held: { ...scope, holder } };
  const [row] = await prisma.$queryRaw<ResponseRow[]>`
    SELECT fingerprint, status, headers, body FROM idempotency_keys
    WHERE principal = ${principal} AND method = ${method} AND path = ${path} AND key = ${key} AND status IS NOT NULL`;
  // Without a row, the holder is still running or has just released the key. The client retries in both cases.
  return row === undefined
    ? { state: "in use" }
    : { state: "answered", response: storedResponse(row) };
}

/** Renews the lease of a held key. Changes nothing once another request has acquired it. */
export async function renewKey(prisma: Queries, held: HeldKey): Promise<void> {
  await prisma.$executeRaw`
    UPDATE idempotency_keys
    SET locked_until = now() + make_interval(secs => ${LEASE_SECONDS}), expires_at = now() + ${RETENTION}::interval
    WHERE principal = ${held.principal} AND method = ${held.method} AND path = ${held.path} AND key = ${held.key}
      AND holder = ${held.holder}::uuid AND status IS NULL`;
}

/**
 * Stores the response in the transaction of its effect.
 *
 * @throws DocketError `idempotency_key_in_use` when the lease has expired and another request has acquired the key, and
 * `idempotency_storage_full`: the effect must not commit.
 */
export async function storeResponse(
  tx: Statements,
  { principal, method, path, key, holder }: HeldKey,
  { fingerprint, reply: { status, headers = {}, body } }: StoredResponse,
): Promise<void> {
  const text = body === undefined ? null : JSON.stringify(body);
  const bytes = Buffer.byteLength(text ?? "");
  if (bytes > LARGE_BYTES) await requireRoomFor(tx, bytes);
  const response = [status, JSON.stringify(headers), text, bytes];
  // Of two requests that both believe they hold the key, the row lock lets one through; the other one changes no row.
  const values = [principal, method, path, key, holder, fingerprint, ...response];
  if ((await tx.$executeRawUnsafe(STORE, ...values)) !== 1) throw keyInUse();
}

const STORE = `
  UPDATE idempotency_keys
  SET fingerprint = $6::text, status = $7::int, headers = $8::jsonb, body = $9::text, body_bytes = $10::int, locked_until = NULL,
      expires_at = now() + '${RETENTION}'::interval
  WHERE principal = $1::text AND method = $2::text AND path = $3::text AND key = $4::text
    AND holder = $5::uuid AND status IS NULL`;

/** A response above this counts for the limit of its tenant. The index `idempotency_keys_large` has the same number. */
const LARGE_BYTES = 4_096;
const MAX_LARGE_BYTES_PER_TENANT = 256 * 1_048_576;

/**
 * Limits what the large responses of a tenant take in the database. Small ones are limited by the rate of requests. Concurrent
 * requests may exceed the limit by one response each.
 */
async function requireRoomFor(tx: Statements, bytes: number): Promise<void> {
  const [kept] = await tx.$queryRawUnsafe<[{ bytes: number; seconds: number }]>(LARGE_RESPONSES);
  if (kept.bytes + bytes <= MAX_LARGE_BYTES_PER_TENANT) return;
  throw new DocketError(
    "idempotency_storage_full",
    `The responses kept for the idempotency keys of your tenant take ${kept.bytes} bytes; at most ${MAX_LARGE_BYTES_PER_TENANT} are kept. Send the request without a key, or try again when older keys have expired.`,
    { retryAfterSeconds: Math.max(1, Math.ceil(kept.seconds)) },
  );
}

/** Row-level security limits the rows to those of the tenant. */
const LARGE_RESPONSES = `
  SELECT coalesce(sum(body_bytes), 0)::float8 AS bytes, coalesce(extract(epoch FROM min(expires_at) - now()), 0)::float8 AS seconds
  FROM idempotency_keys WHERE body_bytes > ${LARGE_BYTES} AND expires_at > now()`;

/** Releases a key after a failure. A committed response stays, even when its commit was never acknowledged. */
export async function releaseKey(prisma: Queries, held: HeldKey): Promise<void> {
  await prisma.$executeRaw`
    DELETE FROM idempotency_keys
    WHERE principal = ${held.principal} AND method = ${held.method} AND path = ${held.path} AND key = ${held.key}
      AND holder = ${held.holder}::uuid AND status IS NULL`;
}

/** The error while the first request with the key is running. */
export const keyInUse = (): DocketError =>
  new DocketError(
    "idempotency_key_in_use",
    "A request with this idempotency key is still running; try again in 1 s.",
    { retryAfterSeconds: 1 },
  );

type ResponseRow = {
  readonly fingerprint: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
};

/** Parsing and serializing JSON that this server has written gives the same bytes. */
const storedResponse = ({ fingerprint, status, headers, body }: ResponseRow): StoredResponse => ({
  fingerprint,
  reply: { status, headers, ...(body !== null && { body: JSON.parse(body) as unknown }) },
});
