import { S3Error } from "../s3-error.ts";
import { encode } from "../target.ts";

/** How a listing writes keys: unchanged, or percent-encoded for `encoding-type=url`. @throws S3Error InvalidArgument */
export function keyEncoder(encodingType: string | undefined): (key: string) => string {
  if (encodingType === undefined) return (key) => key;
  if (encodingType !== "url") throw new S3Error("InvalidArgument");
  return encode;
}
