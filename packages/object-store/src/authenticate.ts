import type { IncomingMessage } from "node:http";
import { createChunkVerifier, type ChunkVerifier } from "./chunk-signature.ts";
import { S3Error } from "./s3-error.ts";
import {
  ALGORITHM,
  canonicalRequest,
  sameSecret,
  sha256Hex,
  sign,
  signingKey,
} from "./signature.ts";
import type { Target } from "./target.ts";

export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
};

/** How a body is protected. `whole`: by its hex SHA-256. `chunked`: it comes in aws-chunked framing, each chunk signed or none. */
export type Payload =
  | { readonly kind: "whole"; readonly sha256: string }
  | { readonly kind: "unsigned" }
  | { readonly kind: "chunked"; readonly verifier: ChunkVerifier | undefined };

type Claims = {
  readonly credential: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** As sent: `20260131T235959Z`. */
  readonly date: string;
  readonly payload: string;
};

const SKEW_MS = 15 * 60_000;
const MAX_EXPIRES_S = 604_800;

/**
 * Checks a request's SigV4, in the Authorization header or in a presigned query, and says how its body is to be checked.
 * @throws S3Error 403 for anonymous, unknown, wrongly signed, too old; 400 for malformed ones.
 */
export function authenticate(
  request: IncomingMessage,
  target: Target,
  credentials: Credentials,
  now: number,
): Payload {
  const isPresigned = target.query.has("X-Amz-Signature");
  const claims = isPresigned ? presignedClaims(target) : headerClaims(request);
  const time = parseDate(claims.date);
  if (isPresigned) checkLifetime(target, time, now);
  else if (!(Math.abs(now - time) <= SKEW_MS)) throw new S3Error("RequestTimeTooSkewed");

  const malformed = isPresigned
    ? "AuthorizationQueryParametersError"
    : "AuthorizationHeaderMalformed";
  const [accessKeyId, day, region, service, terminator, ...rest] = claims.credential.split("/");
  if (day === undefined || rest.length > 0 || service !== "s3" || terminator !== "aws4_request")
    throw new S3Error(malformed);
  if (accessKeyId === undefined || !sameSecret(accessKeyId, credentials.accessKeyId))
    throw new S3Error("InvalidAccessKeyId");
  if (region !== credentials.region)
    throw new S3Error(malformed, `The region is wrong; expecting '${credentials.region}'.`);
  if (day !== claims.date.slice(0, 8))
    throw new S3Error(malformed, "The credential's date is not the request's.");
  checkSignedHeaders(request, claims.signedHeaders);

  const key = signingKey(credentials.secretAccessKey, day, region);
  const scope = `${day}/${region}/s3/aws4_request`;
  const canonical = canonicalRequest(request, target, claims.signedHeaders, claims.payload);
  const expected = sign(key, [ALGORITHM, claims.date, scope, sha256Hex(canonical)].join("\n"));
  if (!sameSecret(expected, claims.signature)) throw new S3Error("SignatureDoesNotMatch");
  return payloadOf(claims.payload, () =>
    createChunkVerifier({ key, date: claims.date, scope, seed: expected }),
  );
}

function headerClaims(request: IncomingMessage): Claims {
  const { authorization } = request.headers;
  if (authorization === undefined) throw new S3Error("AccessDenied");
  const parts = new RegExp(
    `^${ALGORITHM}\\s+Credential=([^,\\s]+)\\s*,\\s*SignedHeaders=([^,\\s]+)\\s*,\\s*Signature=([0-9a-f]{64})$`,
  ).exec(authorization);
  const payload = one(request, "x-amz-content-sha256");
  const date = one(request, "x-amz-date");
  if (parts === null) throw new S3Error("AuthorizationHeaderMalformed");
  if (payload === undefined)
    throw new S3Error("InvalidRequest", "x-amz-content-sha256 is missing.");
  if (date === undefined) throw new S3Error("AccessDenied", "x-amz-date is missing.");
  const [, credential = "", names = "", signature = ""] = parts;
  return { credential, signedHeaders: names.split(";"), signature, date, payload };
}

function presignedClaims({ query }: Target): Claims {
  const names = query.pairs.map(([name]) => name).filter((name) => name.startsWith("X-Amz-"));
  const credential = query.get("X-Amz-Credential");
  const signedHeaders = query.get("X-Amz-SignedHeaders");
  const date = query.get("X-Amz-Date");
  const isComplete = credential !== undefined && signedHeaders !== undefined && date !== undefined;
  if (
    !isComplete ||
    query.get("X-Amz-Algorithm") !== ALGORITHM ||
    new Set(names).size !== names.length
  ) {
    throw new S3Error("AuthorizationQueryParametersError");
  }
  return {
    credential,
    signedHeaders: signedHeaders.split(";"),
    signature: query.get("X-Amz-Signature") ?? "",
    date,
    payload: query.get("X-Amz-Content-Sha256") ?? "UNSIGNED-PAYLOAD",
  };
}

function checkLifetime({ query }: Target, time: number, now: number): void {
  const raw = query.get("X-Amz-Expires") ?? "";
  const seconds = /^\d{1,6}$/.test(raw) ? Number(raw) : 0;
  if (seconds < 1 || seconds > MAX_EXPIRES_S) {
    throw new S3Error(
      "AuthorizationQueryParametersError",
      "X-Amz-Expires must be between 1 and 604800 seconds.",
    );
  }
  if (!(time - now <= SKEW_MS)) throw new S3Error("AccessDenied", "Request is not valid yet.");
  if (now > time + seconds * 1000) throw new S3Error("AccessDenied", "Request has expired.");
}

/** Host and everything of Amazon's must be under the signature, or it could be changed on the way. */
function checkSignedHeaders(request: IncomingMessage, signed: readonly string[]): void {
  const needed = Object.keys(request.headers).filter(
    (name) => name === "host" || name.startsWith("x-amz-"),
  );
  if (!signed.includes("host") || needed.some((name) => !signed.includes(name))) {
    throw new S3Error(
      "AccessDenied",
      "There were headers present in the request which were not signed.",
    );
  }
}

function payloadOf(claim: string, verifier: () => ChunkVerifier): Payload {
  if (/^[0-9a-f]{64}$/.test(claim)) return { kind: "whole", sha256: claim };
  if (claim === "UNSIGNED-PAYLOAD") return { kind: "unsigned" };
  if (claim === "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
    return { kind: "chunked", verifier: undefined };
  if (claim === "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
    return { kind: "chunked", verifier: verifier() };
  throw claim.startsWith("STREAMING-")
    ? new S3Error("NotImplemented")
    : new S3Error("InvalidArgument", "x-amz-content-sha256 is not valid.");
}

/** Milliseconds since 1970; NaN, which every comparison above refuses, when it is no date. */
function parseDate(date: string): number {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
  return parts === null
    ? NaN
    : Date.parse(date.replace(/^(.{4})(..)(..)T(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}

function one(request: IncomingMessage, name: string): string | undefined {
  const values = request.headersDistinct[name];
  return values?.length === 1 ? values[0] : undefined;
}
