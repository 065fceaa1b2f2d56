import type { Exchange, Handler } from "./exchange.ts";
import { createBucket, headBucket, listBuckets } from "./operations/buckets.ts";
import { getObject } from "./operations/get-object.ts";
import { listObjects } from "./operations/list-objects.ts";
import { listParts } from "./operations/list-parts.ts";
import { listUploads } from "./operations/list-uploads.ts";
import {
  abortUpload,
  completeUpload,
  createUpload,
  uploadPart,
} from "./operations/multipart-upload.ts";
import { deleteObject, deleteObjects, putObject } from "./operations/write-object.ts";
import { S3Error } from "./s3-error.ts";

/** By method, kind of resource, and the query parameter that selects an operation. */
const ROUTES: Readonly<Record<string, Handler>> = {
  "GET service": listBuckets,
  "GET bucket": listObjects,
  "GET bucket uploads": listUploads,
  "HEAD bucket": headBucket,
  "PUT bucket": createBucket,
  "POST bucket delete": deleteObjects,
  "GET object": getObject,
  "HEAD object": getObject,
  "PUT object": putObject,
  "DELETE object": deleteObject,
  "GET object uploadId": listParts,
  "PUT object uploadId": uploadPart,
  "POST object uploadId": completeUpload,
  "DELETE object uploadId": abortUpload,
  "POST object uploads": createUpload,
};

/** Query parameters that do not select an operation. */
const PARAMETERS = new Set(
  (
    "list-type prefix delimiter max-keys continuation-token start-after encoding-type fetch-owner " +
    "key-marker upload-id-marker max-uploads part-number-marker max-parts partNumber x-id"
  ).split(" "),
);

/** Headers that request something that is not implemented. If they were ignored, clients would believe that it was done. */
const UNSUPPORTED_HEADERS =
  /^x-amz-(?:copy-source|server-side-encryption|tagging|acl|grant-|object-lock|website|mfa|object-ownership)/;

/** The operation that a request selects. @throws S3Error NotImplemented, MethodNotAllowed */
export function route({ request, target }: Pick<Exchange, "request" | "target">): Handler {
  const resource = target.bucket === "" ? "service" : target.key === "" ? "bucket" : "object";
  const selectors = target.query.pairs
    .map(([name]) => name)
    .filter(
      (name) => !PARAMETERS.has(name) && !name.startsWith("response-") && !/^x-amz-/i.test(name),
    );
  if (Object.keys(request.headers).some((name) => UNSUPPORTED_HEADERS.test(name))) {
    throw new S3Error("NotImplemented");
  }
  const name = [request.method, resource, ...selectors].join(" ");
  const handler = Object.hasOwn(ROUTES, name) ? ROUTES[name] : undefined;
  if (handler !== undefined) return handler;
  throw new S3Error(
    selectors.length > 0 || request.method === "POST" ? "NotImplemented" : "MethodNotAllowed",
  );
}
