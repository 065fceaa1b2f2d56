import type { IncomingMessage } from "node:http";

import { S3Error } from "../s3-error.ts";
import type { Target } from "../target.ts";
import { createChunkVerifier, type ChunkVerifier } from "./chunk-signature.ts";
import { parseHeaderFields, parsePresignedFields } from "./signature-fields.ts";
import {
  ALGORITHM,
  canonicalRequest,
  equalSecrets,
  sha256Hex,
  sign,
  signingKey,
} from "./signature.ts";

export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
};

/**
 * How a body is protected. `whole`: by its SHA-256 in hex. `chunked`: sent in aws-chunked framing, with all chunks signed
 * or none.
 */
export type Payload =
  | { readonly kind: "whole"; readonly sha256: string }
  | { readonly kind: "unsigned" }
  | { readonly kind: "chunked"; readonly verifier: ChunkVerifier | undefined };

const MAX_SKEW_MS = 15 * 60_000;
const MAX_EXPIRES_S = 604_800;

/**
 * Verifies a request's SigV4 signature, from the Authorization header or a presigned query, and returns how its body must
 * be verified.
 *
 * @throws S3Error with 403 for a missing, wrong or expired signature; with 400 for a malformed one.
 */
export function authenticate(
  request: IncomingMessage,
  target: Target,
  credentials: Credentials,
  now: number,
): Payload {
  const isPresigned = target.query.has("X-Amz-Signature");
  const fields = isPresigned ? parsePresignedFields(target) : parseHeaderFields(request);
  const time = parseDate(fields.date);
  if (isPresigned) checkLifetime(target, time, now);
  else if (!(Math.abs(now - time) <= MAX_SKEW_MS)) throw new S3Error("RequestTimeTooSkewed");

  const malformed = isPresigned
    ? "AuthorizationQueryParametersError"
    : "AuthorizationHeaderMalformed";
  const day = fields.date.slice(0, 8);
  checkCredential(fields.credential, day, credentials, malformed);
  checkSignedHeaders(request, fields.signedHeaders);

  const key = signingKey(credentials.secretAccessKey, day, credentials.region);
  const scope = `${day}/${credentials.region}/s3/aws4_request`;
  const canonical = canonicalRequest(request, target, fields.signedHeaders, fields.payload);
  const expected = sign(key, [ALGORITHM, fields.date, scope, sha256Hex(canonical)].join("\n"));
  if (!equalSecrets(expected, fields.signature)) throw new S3Error("SignatureDoesNotMatch");
  return parsePayload(fields.payload, () =>
    createChunkVerifier({ key, date: fields.date, scope, seed: expected }),
  );
}

/** A credential reads `accessKeyId/day/region/s3/aws4_request`. */
function checkCredential(
  credential: string,
  expectedDay: string,
  credentials: Credentials,
  malformed: "AuthorizationQueryParametersError" | "AuthorizationHeaderMalformed",
): void {
  const [accessKeyId, day, region, service, terminator, ...rest] = credential.split("/");
  if (day === undefined || rest.length > 0 || service !== "s3" || terminator !== "aws4_request") {
    throw new S3Error(malformed);
  }
  if (accessKeyId === undefined || !equalSecrets(accessKeyId, credentials.accessKeyId)) {
    throw new S3Error("InvalidAccessKeyId");
  }
  if (region !== credentials.region) {
    throw new S3Error(malformed, `The region is wrong; expecting '${credentials.region}'.`);
  }
  if (day !== expectedDay) {
    throw new S3Error(malformed, "The date of the credential differs from that of the request.");
  }
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
  if (!(time - now <= MAX_SKEW_MS)) throw new S3Error("AccessDenied", "Request is not valid yet.");
  if (now > time + seconds * 1000) throw new S3Error("AccessDenied", "Request has expired.");
}

/**
 * The signature must cover the host and all of Amazon's headers, or they could be changed in transit. A name that occurs
 * thousands of times would repeat its header as often in the canonical request.
 */
function checkSignedHeaders(request: IncomingMessage, signed: readonly string[]): void {
  const names = new Set(signed);
  if (names.size !== signed.length) {
    throw new S3Error("AccessDenied", "A header is listed twice among the signed headers.");
  }
  const required = Object.keys(request.headers).filter(
    (name) => name === "host" || name.startsWith("x-amz-"),
  );
  if (!names.has("host") || required.some((name) => !names.has(name))) {
    throw new S3Error(
      "AccessDenied",
      "There were headers present in the request which were not signed.",
    );
  }
}

function parsePayload(payload: string, createVerifier: () => ChunkVerifier): Payload {
  if (/^[0-9a-f]{64}$/.test(payload)) return { kind: "whole", sha256: payload };
  if (payload === "UNSIGNED-PAYLOAD") return { kind: "unsigned" };
  if (payload === "STREAMING-UNSIGNED-PAYLOAD-TRAILER") {
    return { kind: "chunked", verifier: undefined };
  }
  if (payload === "STREAMING-AWS4-HMAC-SHA256-PAYLOAD") {
    return { kind: "chunked", verifier: createVerifier() };
  }
  throw payload.startsWith("STREAMING-")
    ? new S3Error("NotImplemented")
    : new S3Error("InvalidArgument", "x-amz-content-sha256 is not valid.");
}

const DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** Milliseconds since 1970. A malformed date is NaN, which fails the comparisons above. */
function parseDate(date: string): number {
  return DATE.test(date) ? Date.parse(date.replace(DATE, "$1-$2-$3T$4:$5:$6Z")) : NaN;
}
