import { ListPartsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

import type { Environment } from "@docket/stack";

/** The AWS SDK as its documentation shows it, with the stack's store. */
export function openReferenceStore(settings: Environment) {
  const client = new S3Client({
    endpoint: settings["S3_ENDPOINT"]!,
    region: settings["S3_REGION"]!,
    forcePathStyle: true,
    credentials: {
      accessKeyId: settings["S3_ACCESS_KEY_ID"]!,
      secretAccessKey: settings["S3_SECRET_ACCESS_KEY"]!,
    },
  });
  const Bucket = settings["S3_BUCKET"]!;
  return {
    put: async (key: string, body: Uint8Array): Promise<void> => {
      await client.send(new PutObjectCommand({ Bucket, Key: key, Body: body }));
    },
    /** True if a multipart upload has a part, or is complete. */
    hasPart: async (key: string, uploadId: string): Promise<boolean> => {
      const command = new ListPartsCommand({ Bucket, Key: key, UploadId: uploadId });
      try {
        const { Parts: parts = [] } = await client.send(command);
        return parts.length > 0;
      } catch (error) {
        if ((error as Error).name === "NoSuchUpload") return true;
        throw error;
      }
    },
    close: (): void => client.destroy(),
  };
}

export type ReferenceStore = ReturnType<typeof openReferenceStore>;
