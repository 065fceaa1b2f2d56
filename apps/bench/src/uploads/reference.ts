import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

import type { Environment } from "@docket/stack";

/** The AWS SDK as its documentation shows it, writing to the stack's store. */
export function createReferenceUpload(settings: Environment) {
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
    close: (): void => client.destroy(),
  };
}
