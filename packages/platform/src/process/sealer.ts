import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";

/** Encrypts secrets that are kept in the database (docs/api.md §9). */
export type Sealer = {
  /** @param purpose what the secret is for, and whose: the text opens only with the same one, so that it cannot be moved elsewhere. */
  readonly seal: (secret: string, purpose: string) => string;
  /** @throws UnsealError if no key opens it. */
  readonly open: (sealed: string, purpose: string) => string;
};

/** A secret was encrypted with a key that is no longer configured, or was changed. */
export class UnsealError extends Error {
  override readonly name = "UnsealError";
}

const ALGORITHM = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Names the format, so that another one can follow. */
const VERSION = "v1";

/**
 * AES-256-GCM. A sealed text is `v1.<key id>.<IV, ciphertext and tag in base64url>`.
 *
 * @param keys 32 bytes each. The first one seals, all of them open.
 */
export function createSealer(keys: readonly Buffer[]): Sealer {
  const byId = new Map(keys.map((key) => [keyId(key), key]));
  const [current] = keys;
  if (current === undefined) throw new Error("a sealer needs a key");
  return {
    seal: (secret, purpose) => {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(ALGORITHM, current, iv).setAAD(Buffer.from(purpose));
      const bytes = [iv, cipher.update(secret, "utf8"), cipher.final(), cipher.getAuthTag()];
      return `${VERSION}.${keyId(current)}.${Buffer.concat(bytes).toString("base64url")}`;
    },
    open: (sealed, purpose) => {
      const [version, id = "", text = ""] = sealed.split(".");
      const key = byId.get(id);
      if (version !== VERSION || key === undefined)
        throw new UnsealError("a secret was encrypted with a key that SECRETS_KEY does not have");
      return decrypt(key, Buffer.from(text, "base64url"), purpose);
    },
  };
}

function decrypt(key: Buffer, bytes: Buffer, purpose: string): string {
  try {
    const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES))
      .setAAD(Buffer.from(purpose))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString("utf8");
  } catch (error) {
    throw new UnsealError("a secret was changed", { cause: error });
  }
}

/** Tells keys apart and reveals nothing of them. */
const keyId = (key: Buffer): string => createHash("sha256").update(key).digest("hex").slice(0, 8);
