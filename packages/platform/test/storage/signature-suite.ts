import { randomUUID } from "node:crypto";
import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { createStorage, type StorageConfig } from "../../src/storage/index.ts";

type Target = Required<
  Pick<StorageConfig, "endpoint" | "region" | "accessKeyId" | "secretAccessKey">
> & {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
};

/** Nobody gets in without a valid signature, on any store. */
export function describeSignatures(name: string, target: () => Target): void {
  describe(`signatures on ${name}`, () => {
    const bucket = `signed-${randomUUID()}`;
    const clients: S3Client[] = [];
    const clientWith = (options: S3ClientConfig = {}): S3Client => {
      const { endpoint, region, accessKeyId, secretAccessKey } = target();
      const credentials = { accessKeyId, secretAccessKey };
      const client = new S3Client({
        endpoint,
        region,
        credentials,
        forcePathStyle: true,
        maxAttempts: 1,
        ...options,
      });
      clients.push(client);
      return client;
    };
    const link = (
      options: { readonly expiresIn: number; readonly signingDate?: Date } = { expiresIn: 60 },
    ): Promise<string> =>
      getSignedUrl(clientWith(), new GetObjectCommand({ Bucket: bucket, Key: "a" }), options);
    const statusOf = async (promise: Promise<unknown>): Promise<number | undefined> => {
      const failed: unknown = await promise.then(
        () => undefined,
        (error: unknown) => error,
      );
      return (failed as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata
        ?.httpStatusCode;
    };

    beforeAll(async () => {
      const storage = createStorage({ ...target(), bucket });
      await storage.ensureBucket();
      for (const Key of ["a", "b"])
        await clientWith().send(new PutObjectCommand({ Bucket: bucket, Key, Body: Key }));
      await storage.close();
    });
    afterAll(() => clients.forEach((client) => client.destroy()));

    it("lets a valid link through", async () => {
      const answer = await fetch(await link());
      expect([answer.status, await answer.text()]).toEqual([200, "a"]);
    });

    it("refuses anonymous requests", async () => {
      const { endpoint } = target();
      expect((await fetch(`${endpoint}/${bucket}/a`)).status).toBe(403);
      expect((await fetch(`${endpoint}/${bucket}/new`, { method: "PUT", body: "x" })).status).toBe(
        403,
      );
    });

    it.each([
      [
        "a changed signature",
        (url: URL) =>
          url.searchParams.set("X-Amz-Signature", flipped(url.searchParams.get("X-Amz-Signature"))),
      ],
      ["no signature", (url: URL) => url.searchParams.delete("X-Amz-Signature")],
      ["another object", (url: URL) => (url.pathname = url.pathname.replace(/a$/, "b"))],
      ["a longer life", (url: URL) => url.searchParams.set("X-Amz-Expires", "9999")],
      [
        "another file name",
        (url: URL) => url.searchParams.set("response-content-type", "text/html"),
      ],
    ])("refuses a link with %s", async (_, change) => {
      const url = new URL(await link());
      change(url);
      expect((await fetch(url)).status).toBe(403);
    });

    it("refuses a link for another method", async () => {
      expect((await fetch(await link(), { method: "DELETE" })).status).toBe(403);
    });

    it("refuses a link whose time is over", async () => {
      expect(
        (await fetch(await link({ expiresIn: 60, signingDate: new Date(Date.now() - 61_000) })))
          .status,
      ).toBe(403);
      expect(
        (await fetch(await link({ expiresIn: 60, signingDate: new Date(Date.now() - 55_000) })))
          .status,
      ).toBe(200);
    });

    it("refuses a wrong secret and an unknown access key", async () => {
      const { accessKeyId, secretAccessKey } = target();
      const list = new ListObjectsV2Command({ Bucket: bucket });
      const strangers = [
        { accessKeyId, secretAccessKey: `${secretAccessKey}x` },
        { accessKeyId: "NOBODY", secretAccessKey },
      ];
      for (const credentials of strangers)
        expect(await statusOf(clientWith({ credentials }).send(list))).toBe(403);
    });

    it("refuses a request from a clock that is 20 minutes off", async () => {
      for (const minutes of [-20, 20]) {
        const client = clientWith({ systemClockOffset: minutes * 60_000 });
        expect(await statusOf(client.send(new ListObjectsV2Command({ Bucket: bucket })))).toBe(403);
      }
    });

    it("refuses a body that is not the signed one, and keeps what was there", async () => {
      const client = clientWith({ requestChecksumCalculation: "WHEN_REQUIRED" });
      // This step comes after signing.
      client.middlewareStack.add(
        (next) => (args) =>
          next({ ...args, request: Object.assign(args.request as object, { body: "evil" }) }),
        { step: "deserialize", priority: "low" },
      );
      expect(
        await statusOf(
          client.send(new PutObjectCommand({ Bucket: bucket, Key: "a", Body: "good" })),
        ),
      ).toBe(400);
      expect(await (await fetch(await link())).text()).toBe("a");
    });
  });
}

function flipped(signature: string | null): string {
  return signature === null ? "" : (signature.startsWith("0") ? "1" : "0") + signature.slice(1);
}
