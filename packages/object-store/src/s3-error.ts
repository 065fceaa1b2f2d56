/** S3's own error codes and statuses. */
const ERRORS = {
  AccessDenied: [403, "Access Denied."],
  AuthorizationHeaderMalformed: [400, "The Authorization header is malformed."],
  AuthorizationQueryParametersError: [
    400,
    "The authorization parameters of the query are malformed.",
  ],
  BadDigest: [400, "The checksum does not match the body that was received."],
  BucketAlreadyOwnedByYou: [409, "The bucket already exists, and you own it."],
  EntityTooLarge: [400, "The object is larger than allowed."],
  EntityTooSmall: [400, "A part that is not the last is smaller than 5 MiB."],
  IncompleteBody: [400, "The length of the body differs from the length in its headers."],
  InternalError: [500, "Internal error. Please try again."],
  InvalidAccessKeyId: [403, "The access key does not exist in our records."],
  InvalidArgument: [400, "An argument is not valid."],
  InvalidBucketName: [400, "The bucket name is not valid."],
  InvalidDigest: [400, "The checksum is not valid."],
  InvalidPart: [400, "A part could not be found, or its ETag does not match."],
  InvalidPartOrder: [400, "The parts are not in ascending order."],
  InvalidRange: [416, "The requested range cannot be satisfied."],
  InvalidRequest: [400, "The request is not valid."],
  InvalidURI: [400, "The URI cannot be parsed."],
  KeyTooLongError: [400, "The key is longer than 1024 bytes."],
  MalformedXML: [400, "The XML is not well-formed, or not what this operation expects."],
  MethodNotAllowed: [405, "The method is not allowed on this resource."],
  MissingContentLength: [411, "Content-Length is required."],
  NoSuchBucket: [404, "The bucket does not exist."],
  NoSuchKey: [404, "The key does not exist."],
  NoSuchUpload: [404, "The upload does not exist; it may have been aborted or completed."],
  NotImplemented: [501, "This store does not implement the requested feature."],
  NotModified: [304, ""],
  PreconditionFailed: [412, "A precondition failed."],
  RequestTimeTooSkewed: [403, "The request time differs too much from the server time."],
  SignatureDoesNotMatch: [403, "The signature does not match the request."],
  XAmzContentSHA256Mismatch: [400, "The SHA-256 of the body differs from x-amz-content-sha256."],
} as const satisfies Record<string, readonly [number, string]>;

export type S3ErrorCode = keyof typeof ERRORS;

/** Refuses a request with one of S3's error codes. */
export class S3Error extends Error {
  override readonly name = "S3Error";
  readonly code: S3ErrorCode;
  readonly status: number;

  constructor(code: S3ErrorCode, message: string = ERRORS[code][1]) {
    super(message);
    this.code = code;
    this.status = ERRORS[code][0];
  }
}
