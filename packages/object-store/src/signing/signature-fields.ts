import type { IncomingMessage } from "node:http";

import { S3Error } from "../s3-error.ts";
import type { Target } from "../target.ts";
import { ALGORITHM } from "./signature.ts";

/** The parts of a SigV4 signature as a request sends them. */
export type SignatureFields = {
  readonly credential: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** For example `20260131T235959Z`. */
  readonly date: string;
  /** A SHA-256, or one of S3's words for other protections of the body. */
  readonly payload: string;
};

const AUTHORIZATION = new RegExp(
  `^${ALGORITHM}\\s+Credential=([^,\\s]+)\\s*,\\s*SignedHeaders=([^,\\s]+)\\s*,\\s*Signature=([0-9a-f]{64})$`,
);

/** @throws S3Error AccessDenied, AuthorizationHeaderMalformed, InvalidRequest */
export function parseHeaderFields(request: IncomingMessage): SignatureFields {
  const { authorization } = request.headers;
  if (authorization === undefined) throw new S3Error("AccessDenied");
  const match = AUTHORIZATION.exec(authorization);
  const payload = singleHeader(request, "x-amz-content-sha256");
  const date = singleHeader(request, "x-amz-date");
  if (match === null) throw new S3Error("AuthorizationHeaderMalformed");
  if (payload === undefined) {
    throw new S3Error("InvalidRequest", "x-amz-content-sha256 is missing.");
  }
  if (date === undefined) throw new S3Error("AccessDenied", "x-amz-date is missing.");
  const [, credential = "", names = "", signature = ""] = match;
  return { credential, signedHeaders: names.split(";"), signature, date, payload };
}

/** @throws S3Error AuthorizationQueryParametersError */
export function parsePresignedFields({ query }: Target): SignatureFields {
  const names = query.pairs.map(([name]) => name).filter((name) => name.startsWith("X-Amz-"));
  const credential = query.get("X-Amz-Credential");
  const signedHeaders = query.get("X-Amz-SignedHeaders");
  const date = query.get("X-Amz-Date");
  const hasDuplicates = new Set(names).size !== names.length;
  const isComplete = credential !== undefined && signedHeaders !== undefined && date !== undefined;
  if (!isComplete || hasDuplicates || query.get("X-Amz-Algorithm") !== ALGORITHM) {
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

/** A header's value; undefined when it is missing or sent more than once. */
function singleHeader(request: IncomingMessage, name: string): string | undefined {
  const values = request.headersDistinct[name];
  return values?.length === 1 ? values[0] : undefined;
}
