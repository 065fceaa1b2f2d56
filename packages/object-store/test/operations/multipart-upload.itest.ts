import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";

import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";

import { startObjectStore } from "../../src/index.ts";

const keys = { region: "us-east-1", accessKeyId: "EMBEDDED", secretAccessKey: "embedded-secret" };
const OBJECT = { Bucket: "docket", Key: "file" } as const;

describe("a multipart upload", () => {
  it("keeps the part of the request that began last, when an earlier one for it arrives late", async () => {
    const directory = await mkdtemp(join(tmpdir(), "docket-store-"));
    const store = await startObjectStore({ directory, ...keys });
    const { region, ...credentials } = keys;
    const { endpoint } = store;
    const client = new S3Client({
      region,
      credentials,
      endpoint,
      forcePathStyle: true,
      requestChecksumCalculation: "WHEN_REQUIRED",
    });
    await client.send(new CreateBucketCommand({ Bucket: OBJECT.Bucket }));
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(OBJECT));
    const put = (body: PassThrough | string) =>
      client.send(
        new UploadPartCommand({
          ...OBJECT,
          UploadId,
          PartNumber: 1,
          Body: body,
          ContentLength: 4,
        }),
      );

    const early = new PassThrough();
    early.write("la");
    const late = put(early);
    // The store has begun to receive it.
    while ((await readdir(join(directory, "docket", "data"))).length === 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
    const { ETag } = await put("soon");
    early.end("te");
    await late;
    const parts = { Parts: [{ PartNumber: 1, ETag }] };
    await client.send(
      new CompleteMultipartUploadCommand({ ...OBJECT, UploadId, MultipartUpload: parts }),
    );
    const { Body: stored } = await client.send(new GetObjectCommand(OBJECT));
    expect(await stored!.transformToString()).toBe("soon");
    // What the late request sent is deleted.
    expect(await readdir(join(directory, "docket", "data"))).toHaveLength(1);

    client.destroy();
    await store.close();
    await rm(directory, { recursive: true });
  });
});
