import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";

import { decodeAwsChunked } from "../src/body/aws-chunked.ts";
import { createChunkVerifier, type ChunkVerifier } from "../src/signing/chunk-signature.ts";

/** Cuts the data at shares of its length, as a network might. */
const cut = (data: Buffer, cuts: readonly number[]): Buffer[] => {
  const at = [
    0,
    ...cuts.map((share) => Math.floor(share * data.length)).toSorted((a, b) => a - b),
    data.length,
  ];
  return at.slice(1).map((end, index) => data.subarray(at[index], end));
};

async function* stream(buffers: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* buffers;
}

const decode = async (
  buffers: readonly Buffer[],
  verifier?: ChunkVerifier,
): Promise<{ data: Buffer; trailers: Map<string, string> }> => {
  const trailers = new Map<string, string>();
  const data: Buffer[] = [];
  for await (const buffer of decodeAwsChunked(stream(buffers), trailers, verifier))
    data.push(buffer);
  return { data: Buffer.concat(data), trailers };
};

const frame = (chunks: readonly Uint8Array[], tail = "\r\n"): Buffer =>
  Buffer.concat([
    ...chunks.flatMap((chunk) => [
      Buffer.from(`${chunk.length.toString(16)}\r\n`),
      chunk,
      Buffer.from("\r\n"),
    ]),
    Buffer.from(`0\r\n${tail}`),
  ]);

const someChunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 400 }), { maxLength: 8 });
const someCuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 });

describe("decodeAwsChunked", () => {
  it("removes the framing, wherever the network cuts it", async () => {
    await fc.assert(
      fc.asyncProperty(someChunks, someCuts, async (chunks, cuts) => {
        const { data, trailers } = await decode(
          cut(frame(chunks, "x-amz-checksum-crc32:AAAAAA==\r\n\r\n"), cuts),
        );
        expect(data.equals(Buffer.concat(chunks))).toBe(true);
        expect([...trailers]).toEqual([["x-amz-checksum-crc32", "AAAAAA=="]]);
      }),
    );
  });

  it("accepts data that looks like framing", async () => {
    const data = Buffer.from("0\r\n\r\n5\r\nhello\r\n");
    expect((await decode([frame([data])])).data.equals(data)).toBe(true);
  });

  it("refuses a body that ends early", async () => {
    const whole = frame([Buffer.from("hello"), Buffer.from("world")]);
    for (let length = 0; length < whole.length; length += 1) {
      await expect(decode([whole.subarray(0, length)])).rejects.toMatchObject({
        code: "IncompleteBody",
      });
    }
  });

  it.each([
    ["no size", "\r\nhello\r\n0\r\n\r\n"],
    ["a negative size", "-5\r\nhello\r\n0\r\n\r\n"],
    ["a huge size", "fffffffffffffff\r\nhello"],
    ["an unknown extension", "5;x=1\r\nhello\r\n0\r\n\r\n"],
    ["a chunk longer than its size", "4\r\nhello\r\n0\r\n\r\n"],
    ["data after the end", "5\r\nhello\r\n0\r\n\r\nmore"],
    ["an endless line", "1".repeat(10_000)],
    ["a trailer without a name", "0\r\n:x\r\n\r\n"],
  ])("refuses %s", async (_, text) => {
    await expect(decode([Buffer.from(text)])).rejects.toMatchObject({ name: "S3Error" });
  });

  it("fails with an S3Error for any malformed bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        await decode([Buffer.from(bytes)]).catch((error: unknown) =>
          expect(error).toMatchObject({ name: "S3Error" }),
        );
      }),
    );
  });
});

describe("decodeAwsChunked with signed chunks", () => {
  const key = Buffer.alloc(32, 7);
  const options = {
    key,
    date: "20260101T000000Z",
    scope: "20260101/us-east-1/s3/aws4_request",
    seed: "0".repeat(64),
  };
  const hash = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");

  /** Signs chunks. Implemented from Amazon's description, independently of the server. */
  const signed = (chunks: readonly Uint8Array[]): Buffer => {
    let previous = options.seed;
    const framed = [...chunks, new Uint8Array()].map((chunk) => {
      const text = `AWS4-HMAC-SHA256-PAYLOAD\n${options.date}\n${options.scope}\n${previous}\n${hash(new Uint8Array())}\n${hash(chunk)}`;
      previous = createHmac("sha256", key).update(text).digest("hex");
      return Buffer.concat([
        Buffer.from(`${chunk.length.toString(16)};chunk-signature=${previous}\r\n`),
        chunk,
        Buffer.from("\r\n"),
      ]);
    });
    return Buffer.concat(framed);
  };

  it("accepts chunks whose signatures form a chain", async () => {
    await fc.assert(
      fc.asyncProperty(someChunks, someCuts, async (chunks, cuts) => {
        const { data } = await decode(cut(signed(chunks), cuts), createChunkVerifier(options));
        expect(data.equals(Buffer.concat(chunks))).toBe(true);
      }),
    );
  });

  it("refuses a changed byte, another order and another seed", async () => {
    const refused = (body: Buffer, change = {}): Promise<void> =>
      expect(decode([body], createChunkVerifier({ ...options, ...change }))).rejects.toMatchObject({
        code: "SignatureDoesNotMatch",
      });
    const chunks = [Buffer.from("hello"), Buffer.from("world")];
    const body = signed(chunks);
    const changed = Buffer.from(body);
    changed[body.indexOf("hello")] = 0x48;
    await refused(changed);
    await refused(body, { seed: "1".repeat(64) });
    await refused(frame(chunks));
    const start = body.indexOf("5;", 10);
    const end = body.indexOf("0;");
    await refused(
      Buffer.concat([body.subarray(start, end), body.subarray(0, start), body.subarray(end)]),
    );
  });
});
