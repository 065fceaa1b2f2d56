import type { S3Client } from "@aws-sdk/client-s3";

export type Call = {
  readonly name: string;
  readonly input: Record<string, unknown>;
  readonly signal: AbortSignal | undefined;
};

type Respond = (call: Call) => unknown;

const MULTIPART: Readonly<Record<string, Respond>> = {
  CreateMultipartUploadCommand: () => ({ UploadId: "u1" }),
  UploadPartCommand: ({ input }) => ({ ETag: `"${String(input["PartNumber"])}"` }),
  CompleteMultipartUploadCommand: () => ({}),
  AbortMultipartUploadCommand: () => ({}),
  PutObjectCommand: () => ({ ETag: '"1"' }),
  DeleteObjectCommand: () => ({}),
};

/** The part of an S3Client that uploads use. `responses` overrides the responses of single commands; all calls are recorded. */
export function fakeClient(responses: Readonly<Record<string, Respond>> = {}): {
  client: S3Client;
  calls: Call[];
  names: () => string[];
} {
  const calls: Call[] = [];
  const send = async (
    command: {
      readonly input: Record<string, unknown>;
      readonly constructor: { readonly name: string };
    },
    options?: { readonly abortSignal?: AbortSignal },
  ): Promise<unknown> => {
    const call = {
      name: command.constructor.name,
      input: command.input,
      signal: options?.abortSignal,
    };
    calls.push(call);
    const response = await { ...MULTIPART, ...responses }[call.name]?.(call);
    return { $metadata: { attempts: 1 }, ...(response as object) };
  };
  const config = {
    requestHandler: {},
    requestChecksumCalculation: async () => "WHEN_REQUIRED",
    endpoint: async () => ({ hostname: "127.0.0.1", protocol: "http:", path: "/" }),
  };
  return {
    client: { config, send } as unknown as S3Client,
    calls,
    names: () => calls.map(({ name }) => name),
  };
}
