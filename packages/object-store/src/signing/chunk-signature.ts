import { createHash } from "node:crypto";

import { S3Error } from "../s3-error.ts";
import { ALGORITHM, equalSecrets, sha256Hex, sign } from "./signature.ts";

/** Verifies the signatures of a body that is signed chunk by chunk. */
export type ChunkVerifier = {
  readonly update: (data: Buffer) => void;
  /** Ends a chunk. @throws S3Error SignatureDoesNotMatch */
  readonly end: (signature: string | undefined) => void;
};

const EMPTY_SHA256 = sha256Hex("");

/** Each signature covers the previous one. The first chunk's covers `seed`, the signature of the request's headers. */
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
        EMPTY_SHA256,
        hash.digest("hex"),
      ].join("\n");
      const expected = sign(options.key, text);
      if (!equalSecrets(expected, signature)) throw new S3Error("SignatureDoesNotMatch");
      previous = expected;
      hash = createHash("sha256");
    },
  };
}
