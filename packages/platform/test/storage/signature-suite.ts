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

/** No store may accept a request without a valid signature. */
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
    const presign = (
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

    it("accepts a valid URL", async () => {
      const response = await fetch(await presign());
      expect([response.status, await response.text()]).toEqual([200, "a"]);
    });

    it("rejects anonymous requests", async () => {
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
      ["a longer expiry", (url: URL) => url.searchParams.set("X-Amz-Expires", "9999")],
      [
        "another file name",
        (url: URL) => url.searchParams.set("response-content-type", "text/html"),
      ],
    ])("rejects a URL with %s", async (_, change) => {
      const url = new URL(await presign());
      change(url);
      expect((await fetch(url)).status).toBe(403);
    });

    it("rejects a URL for another method", async () => {
      expect((await fetch(await presign(), { method: "DELETE" })).status).toBe(403);
    });

    it("rejects an expired URL", async () => {
      expect(
        (await fetch(await presign({ expiresIn: 60, signingDate: new Date(Date.now() - 61_000) })))
          .status,
      ).toBe(403);
      expect(
        (await fetch(await presign({ expiresIn: 60, signingDate: new Date(Date.now() - 55_000) })))
          .status,
      ).toBe(200);
    });

    it("rejects a wrong secret and an unknown access key", async () => {
      const { accessKeyId, secretAccessKey } = target();
      const list = new ListObjectsV2Command({ Bucket: bucket });
      const wrong = [
        { accessKeyId, secretAccessKey: `${secretAccessKey}x` },
        { accessKeyId: "NOBODY", secretAccessKey },
      ];
      for (const credentials of wrong)
        expect(await statusOf(clientWith({ credentials }).send(list))).toBe(403);
    });

    it("rejects a request whose clock is 20 minutes off", async () => {
      for (const minutes of [-20, 20]) {
        const client = clientWith({ systemClockOffset: minutes * 60_000 });
        expect(await statusOf(client.send(new ListObjectsV2Command({ Bucket: bucket })))).toBe(403);
      }
    });

    it("rejects a body other than the signed one, and keeps the existing object", async () => {
      const client = clientWith({ requestChecksumCalculation: "WHEN_REQUIRED" });
      // Runs after signing.
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
      expect(await (await fetch(await presign())).text()).toBe("a");
    });
  });
}

function flipped(signature: string | null): string {
  return signature === null ? "" : (signature.startsWith("0") ? "1" : "0") + signature.slice(1);
}
