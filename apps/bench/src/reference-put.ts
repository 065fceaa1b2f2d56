import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

import type { Environment } from "@docket/stack";

/** What uploads are measured beside: the SDK as its documentation shows it, straight to the same store. */
export function createReferencePut(settings: Environment) {
  const client = new S3Client({
    endpoint: settings["S3_ENDPOINT"]!,
    region: settings["S3_REGION"]!,
    forcePathStyle: true,
    credentials: {
      accessKeyId: settings["S3_ACCESS_KEY_ID"]!,
      secretAccessKey: settings["S3_SECRET_ACCESS_KEY"]!,
    },
  });
  return {
    put: async (key: string, body: Uint8Array): Promise<void> => {
      await client.send(
        new PutObjectCommand({ Bucket: settings["S3_BUCKET"]!, Key: key, Body: body }),
      );
    },
    close: (): void => client.destroy(),
  };
}
