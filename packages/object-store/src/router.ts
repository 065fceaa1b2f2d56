import { type Exchange, type Handler, sendEmpty } from "./exchange.ts";
import { getObject } from "./get-object.ts";
import { listBuckets, listObjects, listUploads } from "./listing.ts";
import { deleteObject, deleteObjects, putObject } from "./objects.ts";
import { S3Error } from "./s3-error.ts";
import { abortUpload, completeUpload, createUpload, listParts, uploadPart } from "./uploads.ts";

const headBucket: Handler = async ({ response, target, buckets }) => {
  buckets.get(target.bucket);
  sendEmpty(response, 200);
};

const createBucket: Handler = async ({ response, target, buckets }) => {
  await buckets.create(target.bucket);
  sendEmpty(response, 200, { location: `/${target.bucket}` });
};

/** Method, what it is about, and the query's name that chooses among several. */
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

/** Names in a query that change nothing about which operation it is. */
const PARAMETERS = new Set(
  (
    "list-type prefix delimiter max-keys continuation-token start-after encoding-type fetch-owner " +
    "key-marker upload-id-marker max-uploads part-number-marker max-parts partNumber x-id"
  ).split(" "),
);

/** Headers that ask for something that this store does not do. To ignore them would be to promise it. */
const REFUSED =
  /^x-amz-(?:copy-source|server-side-encryption|tagging|acl|grant-|object-lock|website|mfa|object-ownership)/;

/** The operation that a request asks for. @throws S3Error NotImplemented, MethodNotAllowed */
export function route({ request, target }: Pick<Exchange, "request" | "target">): Handler {
  const about = target.bucket === "" ? "service" : target.key === "" ? "bucket" : "object";
  const choice = target.query.pairs
    .map(([name]) => name)
    .filter(
      (name) => !PARAMETERS.has(name) && !name.startsWith("response-") && !/^x-amz-/i.test(name),
    );
  if (Object.keys(request.headers).some((name) => REFUSED.test(name)))
    throw new S3Error("NotImplemented");
  const name = [request.method, about, ...choice].join(" ");
  const handler = Object.hasOwn(ROUTES, name) ? ROUTES[name] : undefined;
  if (handler !== undefined) return handler;
  throw new S3Error(
    choice.length > 0 || request.method === "POST" ? "NotImplemented" : "MethodNotAllowed",
  );
}
