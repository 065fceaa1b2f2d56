import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import {
  DocketError,
  EVIDENCE_TYPES,
  looksLike,
  MAX_EVIDENCE_BYTES,
  type EvidenceType,
} from "@docket/domain";
import { receiveBody } from "../../src/evidence/body.ts";

const TYPES = Object.keys(EVIDENCE_TYPES) as EvidenceType[];

const receive = async (chunks: readonly Uint8Array[], type: EvidenceType, sha256?: string) => {
  const body = receiveBody(Readable.from(chunks.map((each) => Buffer.from(each))), {
    type,
    sha256,
  });
  const received = await buffer(body.stream);
  await body.started;
  return { received, ...body.sum(), whole: body.isComplete() };
};

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return "ok";
  } catch (error) {
    if (error instanceof DocketError) return error.code;
    throw error;
  }
};

describe("receiveBody", () => {
  it("passes a valid file on unchanged and refuses any other, however its bytes are cut", async () => {
    const magic = fc.constantFrom(
      "",
      "%PDF-",
      "\x89PNG\r\n\x1a\n",
      "\xff\xd8\xff",
      "PK\x03\x04",
      "\0",
    );
    const part = fc.oneof(
      magic.map((text) => Uint8Array.from(Buffer.from(text, "latin1"))),
      fc.uint8Array({ maxLength: 600 }),
      fc.uint8Array({ min: 1, maxLength: 1_500 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { maxLength: 6 }).map((parts) => parts.filter(({ length }) => length > 0)),
        fc.constantFrom(...TYPES),
        async (parts, type) => {
          const file = Buffer.concat(parts);
          const fits =
            looksLike(type, file.subarray(0, 1_024)) && (type !== "text/csv" || !file.includes(0));
          const wanted = file.length === 0 ? "bad_request" : fits ? "ok" : "unsupported_media_type";
          expect(await codeOf(receive(parts, type))).toBe(wanted);
          if (wanted !== "ok") return;
          const { received, sizeBytes, sha256, whole } = await receive(parts, type);
          expect(received.equals(file)).toBe(true);
          expect({ sizeBytes, sha256, whole }).toEqual({
            sizeBytes: file.length,
            sha256: createHash("sha256").update(file).digest("hex"),
            whole: true,
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it("holds the last bytes back until the whole file is valid", async () => {
    const chunks = ["a".repeat(2_000), "b", "c\0"].map((text) => Buffer.from(text));
    const body = receiveBody(Readable.from(chunks), { type: "text/csv", sha256: undefined });
    let bytes = 0;
    body.stream.on("data", (chunk: Buffer) => (bytes += chunk.length));
    await new Promise((resolve) => body.stream.once("close", resolve));
    expect(bytes).toBeLessThan(2_002);
    expect(body.isComplete()).toBe(false);
  });

  it("accepts at most 10 MiB", async () => {
    const most = Buffer.alloc(MAX_EVIDENCE_BYTES, 0x61);
    expect(await codeOf(receive([most], "text/csv"))).toBe("ok");
    expect(await codeOf(receive([most, Buffer.from("a")], "text/csv"))).toBe("payload_too_large");
  });

  it("compares the file with the announced SHA-256", async () => {
    const file = Buffer.from("a;b");
    const right = createHash("sha256").update(file).digest("hex");
    expect(await codeOf(receive([file], "text/csv", right))).toBe("ok");
    expect(await codeOf(receive([file], "text/csv", "00".repeat(32)))).toBe("bad_request");
  });

  it("fails when its source ends early", async () => {
    const source = new Readable({ read: () => undefined });
    const body = receiveBody(source, { type: "text/csv", sha256: undefined });
    source.push("a".repeat(2_000));
    await body.started;
    source.destroy();
    expect(await codeOf(buffer(body.stream))).toBe("bad_request");
    const gone = receiveBody(source, { type: "text/csv", sha256: undefined });
    expect(await codeOf(gone.started)).toBe("bad_request");
  });
});
