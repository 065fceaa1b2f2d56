import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { crc32 } from "node:zlib";
import { S3Error } from "./s3-error.ts";

type Digest = { readonly update: (data: Buffer) => void; readonly base64: () => string };

const ALGORITHMS: Readonly<Record<string, () => Digest>> = {
  "x-amz-checksum-crc32": () => {
    let value = 0;
    const update = (data: Buffer): void => {
      value = crc32(data, value);
    };
    return {
      update,
      base64: () => {
        const bytes = Buffer.alloc(4);
        bytes.writeUInt32BE(value);
        return bytes.toString("base64");
      },
    };
  },
  "x-amz-checksum-sha1": () => hashDigest("sha1"),
  "x-amz-checksum-sha256": () => hashDigest("sha256"),
  "content-md5": () => hashDigest("md5"),
};

/** The checksums that a client sent with a body, to be compared when it has been read. */
export type Checksums = {
  readonly update: (data: Buffer) => void;
  /** The verified `x-amz-checksum-*`, by header name. @throws S3Error BadDigest, InvalidDigest */
  readonly finish: (trailers: ReadonlyMap<string, string>) => Readonly<Record<string, string>>;
};

/**
 * Finds the checksums announced in the headers, whose values come there or in a trailer.
 * @throws S3Error NotImplemented for an algorithm that is not known here: never ignored.
 */
export function createChecksums(headers: IncomingHttpHeaders): Checksums {
  const announced = String(headers["x-amz-trailer"] ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase());
  const names = [...Object.keys(headers), ...announced].filter(
    (name) => name === "content-md5" || /^x-amz-checksum-(?!algorithm$|mode$|type$)/.test(name),
  );
  const digests = [...new Set(names)].map((name) => {
    const create = Object.hasOwn(ALGORITHMS, name) ? ALGORITHMS[name] : undefined;
    if (create === undefined)
      throw new S3Error("NotImplemented", `${name} is not implemented by this store.`);
    return { name, digest: create() };
  });
  return {
    update: (data) => {
      for (const { digest } of digests) digest.update(data);
    },
    finish: (trailers) => {
      const verified = digests.map(({ name, digest }) => {
        const given = headers[name] ?? trailers.get(name);
        const actual = digest.base64();
        if (typeof given !== "string" || given.length !== actual.length)
          throw new S3Error("InvalidDigest");
        if (given !== actual) throw new S3Error("BadDigest");
        return [name, actual] as const;
      });
      return Object.fromEntries(verified.filter(([name]) => name !== "content-md5"));
    },
  };
}

function hashDigest(algorithm: string): Digest {
  const hash = createHash(algorithm);
  return { update: (data) => void hash.update(data), base64: () => hash.digest("base64") };
}
