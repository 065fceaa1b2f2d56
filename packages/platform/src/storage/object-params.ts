import type { ObjectInput } from "./types.ts";

/** The parameters that a PUT and a multipart upload share. */
export function objectParams(input: Omit<ObjectInput, "body"> & { readonly bucket: string }): {
  Bucket: string;
  Key: string;
  ContentType: string;
  ContentDisposition?: string;
  Metadata?: Record<string, string>;
} {
  return {
    Bucket: input.bucket,
    Key: input.key,
    ContentType: input.contentType,
    ...(input.contentDisposition === undefined
      ? {}
      : { ContentDisposition: input.contentDisposition }),
    ...(input.metadata === undefined ? {} : { Metadata: { ...input.metadata } }),
  };
}
