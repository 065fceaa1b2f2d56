import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

import { encode, type Target } from "../target.ts";

/** The only SigV4 algorithm, and the first word of every string to sign. */
export const ALGORITHM = "AWS4-HMAC-SHA256";

export const sha256Hex = (data: string | Buffer): string =>
  createHash("sha256").update(data).digest("hex");

const hmac = (key: string | Buffer, data: string): Buffer =>
  createHmac("sha256", key).update(data).digest();

/** The key that signs one day's requests in one region. */
export function signingKey(secretAccessKey: string, day: string, region: string): Buffer {
  return hmac(hmac(hmac(hmac(`AWS4${secretAccessKey}`, day), region), "s3"), "aws4_request");
}

export function sign(key: Buffer, text: string): string {
  return hmac(key, text).toString("hex");
}

/** Compares two secrets in constant time. */
export function equalSecrets(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** The canonical form of a request that SigV4 signs. */
export function canonicalRequest(
  request: IncomingMessage,
  target: Target,
  signedHeaders: readonly string[],
  payload: string,
): string {
  const query = target.query.pairs
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .toSorted((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  const headers = signedHeaders.map((name) => {
    const values = request.headersDistinct[name] ?? [];
    return `${name}:${values.map((value) => value.trim().replace(/\s+/g, " ")).join(",")}\n`;
  });
  return [
    request.method ?? "",
    target.path.split("/").map(encode).join("/"),
    query,
    headers.join(""),
    signedHeaders.join(";"),
    payload,
  ].join("\n");
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
