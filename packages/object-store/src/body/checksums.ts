import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { crc32 } from "node:zlib";

import { S3Error } from "../s3-error.ts";

type Digest = { readonly update: (data: Buffer) => void; readonly base64: () => string };

const ALGORITHMS: Readonly<Record<string, () => Digest>> = {
  "x-amz-checksum-crc32": crc32Digest,
  "x-amz-checksum-sha1": () => hashDigest("sha1"),
  "x-amz-checksum-sha256": () => hashDigest("sha256"),
  "content-md5": () => hashDigest("md5"),
};

/** The checksums that a client sends with a body, verified once the body has been read. */
export type Checksums = {
  readonly update: (data: Buffer) => void;
  /** The verified `x-amz-checksum-*` values by header name. @throws S3Error BadDigest, InvalidDigest */
  readonly finish: (trailers: ReadonlyMap<string, string>) => Readonly<Record<string, string>>;
};

/**
 * Finds the checksums that the headers announce. Their values are in the headers or in trailers.
 *
 * @throws S3Error NotImplemented for an unknown algorithm, because an ignored checksum would look verified.
 */
export function createChecksums(headers: IncomingHttpHeaders): Checksums {
  const digests = announcedNames(headers).map((name) => {
    const create = Object.hasOwn(ALGORITHMS, name) ? ALGORITHMS[name] : undefined;
    if (create === undefined) {
      throw new S3Error("NotImplemented", `${name} is not implemented by this store.`);
    }
    return { name, digest: create() };
  });
  return {
    update: (data) => {
      for (const { digest } of digests) digest.update(data);
    },
    finish: (trailers) => {
      const verified = digests.map(({ name, digest }) => {
        const sent = headers[name] ?? trailers.get(name);
        const actual = digest.base64();
        if (typeof sent !== "string" || sent.length !== actual.length) {
          throw new S3Error("InvalidDigest");
        }
        if (sent !== actual) throw new S3Error("BadDigest");
        return [name, actual] as const;
      });
      return Object.fromEntries(verified.filter(([name]) => name !== "content-md5"));
    },
  };
}

function announcedNames(headers: IncomingHttpHeaders): string[] {
  const trailers = String(headers["x-amz-trailer"] ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase());
  const names = [...Object.keys(headers), ...trailers].filter(
    (name) => name === "content-md5" || /^x-amz-checksum-(?!algorithm$|mode$|type$)/.test(name),
  );
  return [...new Set(names)];
}

function crc32Digest(): Digest {
  let value = 0;
  return {
    update: (data) => {
      value = crc32(data, value);
    },
    base64: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes.toString("base64");
    },
  };
}

function hashDigest(algorithm: string): Digest {
  const hash = createHash(algorithm);
  return { update: (data) => void hash.update(data), base64: () => hash.digest("base64") };
}
