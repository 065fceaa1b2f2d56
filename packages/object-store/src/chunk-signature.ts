import { createHash } from "node:crypto";
import { S3Error } from "./s3-error.ts";
import { ALGORITHM, sameSecret, sha256Hex, sign } from "./signature.ts";

/** Checks the chain of signatures of a body that was signed chunk by chunk. */
export type ChunkVerifier = {
  readonly update: (data: Buffer) => void;
  /** Ends a chunk. @throws S3Error SignatureDoesNotMatch */
  readonly end: (signature: string | undefined) => void;
};

const NOTHING = sha256Hex("");

/** `seed` is the signature of the request's headers, which the first chunk's builds on. */
export function createChunkVerifier(options: {
  key: Buffer;
  date: string;
  scope: string;
  seed: string;
}): ChunkVerifier {
  let previous = options.seed;
  let hash = createHash("sha256");
  return {
    update: (data) => void hash.update(data),
    end: (signature = "") => {
      const text = [
        `${ALGORITHM}-PAYLOAD`,
        options.date,
        options.scope,
        previous,
        NOTHING,
        hash.digest("hex"),
      ].join("\n");
      const expected = sign(options.key, text);
      if (!sameSecret(expected, signature)) throw new S3Error("SignatureDoesNotMatch");
      previous = expected;
      hash = createHash("sha256");
    },
  };
}
