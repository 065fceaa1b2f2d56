/** What S3 answers to a faulty request; the codes and statuses are S3's own. */
const FAULTS = {
  AccessDenied: [403, "Access Denied."],
  AuthorizationHeaderMalformed: [400, "The authorization is malformed."],
  AuthorizationQueryParametersError: [400, "The query's authorization is malformed."],
  BadDigest: [400, "The checksum you specified did not match what we received."],
  BucketAlreadyOwnedByYou: [409, "The bucket exists and is yours."],
  EntityTooLarge: [400, "The object is larger than allowed."],
  EntityTooSmall: [400, "A part that is not the last is smaller than 5 MiB."],
  IncompleteBody: [400, "The body is not as long as its headers say."],
  InternalError: [500, "We encountered an internal error. Please try again."],
  InvalidAccessKeyId: [403, "The access key does not exist in our records."],
  InvalidArgument: [400, "An argument is not valid."],
  InvalidBucketName: [400, "The bucket's name is not valid."],
  InvalidDigest: [400, "The checksum you specified is not valid."],
  InvalidPart: [400, "A part could not be found, or its ETag does not match."],
  InvalidPartOrder: [400, "The parts are not in ascending order."],
  InvalidRange: [416, "The requested range cannot be satisfied."],
  InvalidRequest: [400, "The request is not valid."],
  InvalidURI: [400, "The URI cannot be parsed."],
  KeyTooLongError: [400, "The key is longer than 1024 bytes."],
  MalformedXML: [400, "The XML is not well-formed or not what is expected."],
  MethodNotAllowed: [405, "The method is not allowed against this resource."],
  MissingContentLength: [411, "Content-Length is required."],
  NoSuchBucket: [404, "The bucket does not exist."],
  NoSuchKey: [404, "The key does not exist."],
  NoSuchUpload: [404, "The upload does not exist; it may have been aborted or completed."],
  NotImplemented: [501, "This store does not implement what the request asks for."],
  NotModified: [304, ""],
  PreconditionFailed: [412, "A precondition does not hold."],
  RequestTimeTooSkewed: [403, "The request's time is too far from the server's."],
  SignatureDoesNotMatch: [403, "The signature we calculated does not match the one you provided."],
  XAmzContentSHA256Mismatch: [400, "The body's SHA-256 is not the one in x-amz-content-sha256."],
} as const satisfies Record<string, readonly [number, string]>;

export type S3ErrorCode = keyof typeof FAULTS;

/** A request that is refused, as S3 words it. */
export class S3Error extends Error {
  override readonly name = "S3Error";
  readonly code: S3ErrorCode;
  readonly status: number;

  constructor(code: S3ErrorCode, message: string = FAULTS[code][1]) {
    super(message);
    this.code = code;
    this.status = FAULTS[code][0];
  }
}
