import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setImmediate as nextIteration } from "node:timers/promises";
import fc from "fast-check";
import {
  DocketError,
  EVIDENCE_TYPES,
  looksLike,
  MAX_EVIDENCE_BYTES,
  type EvidenceType,
} from "@docket/domain";
import { waitFor } from "@docket/testing";
import { receiveFile } from "../../src/evidence/body.ts";
import { createTurns } from "../../src/http/turns.ts";

const CSV = { type: "text/csv", sha256: undefined } as const;

const TYPES = Object.keys(EVIDENCE_TYPES) as EvidenceType[];

const turns = createTurns();
const nextTurnOf = (bytes: number) => turns.next("tenant", bytes);

const unaborted = () => ({ nextTurn: nextTurnOf, signal: new AbortController().signal });

const receive = async (chunks: readonly Uint8Array[], type: EvidenceType, sha256?: string) => {
  const body = Readable.from(chunks.map((each) => Buffer.from(each)));
  const file = receiveFile(body, { type, sha256 }, unaborted());
  const received = await buffer(file.stream);
  await file.started;
  return { received, ...file.sum(), isComplete: file.isComplete() };
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

describe("receiveFile", () => {
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
          const { received, sizeBytes, sha256, isComplete } = await receive(parts, type);
          expect(received.equals(file)).toBe(true);
          expect({ sizeBytes, sha256, isComplete }).toEqual({
            sizeBytes: file.length,
            sha256: createHash("sha256").update(file).digest("hex"),
            isComplete: true,
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it("holds the last bytes back until the whole file is valid", async () => {
    const chunks = ["a".repeat(2_000), "b", "c\0"].map((text) => Buffer.from(text));
    const file = receiveFile(Readable.from(chunks), CSV, unaborted());
    let bytes = 0;
    file.stream.on("data", (chunk: Buffer) => (bytes += chunk.length));
    await new Promise((resolve) => file.stream.once("close", resolve));
    expect(bytes).toBeLessThan(2_002);
    expect(file.isComplete()).toBe(false);
  });

  it("shares each iteration of the event loop with other files", async () => {
    const chunk = Buffer.alloc(65_536, 0x61);
    const files = Array.from({ length: 16 }, () =>
      receiveFile(Readable.from(Array<Buffer>(8).fill(chunk)), CSV, unaborted()),
    );
    let bytesInIteration = 0;
    const perIteration: number[] = [];
    for (const { stream } of files)
      stream.on("data", ({ length }: Buffer) => (bytesInIteration += length));
    while (!files.every(({ isComplete }) => isComplete())) {
      await nextIteration();
      perIteration.push(bytesInIteration);
      bytesInIteration = 0;
    }
    // The last chunk of a file is passed on when its end is known, without another turn.
    expect(Math.max(...perIteration)).toBeLessThanOrEqual(2 * 4 * chunk.length);
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

  it("fails with the error of its body, at any time", async () => {
    const body = new Readable({ read: () => undefined });
    const file = receiveFile(body, CSV, unaborted());
    body.push("a".repeat(2_000));
    await file.started;
    body.destroy(new DocketError("bad_request", "The body is incomplete."));
    expect(await codeOf(buffer(file.stream))).toBe("bad_request");
    expect(await codeOf(receiveFile(body, CSV, unaborted()).started)).toBe("bad_request");
  });

  it("ignores a chunk whose turn comes after the upload was aborted", async () => {
    const aborter = new AbortController();
    let takeTurn: (() => void) | undefined;
    const nextTurn = () => new Promise<void>((resolve) => (takeTurn = resolve));
    const body = Readable.from([Buffer.alloc(2_000, 0x61)]);
    const file = receiveFile(body, CSV, { nextTurn, signal: aborter.signal });
    let hasStarted = false;
    file.stream.on("started", () => (hasStarted = true));
    await waitFor(() => takeTurn !== undefined);
    aborter.abort(new DocketError("bad_request", "late"));
    await expect(file.started).rejects.toThrow("late");
    takeTurn!();
    await nextIteration();
    expect(hasStarted).toBe(false);
  });

  it("fails with the reason of its signal", async () => {
    const late = new DocketError("bad_request", "late");
    const aborter = new AbortController();
    const body = new Readable({ read: () => undefined });
    const file = receiveFile(body, CSV, { nextTurn: nextTurnOf, signal: aborter.signal });
    aborter.abort(late);
    await expect(file.started).rejects.toBe(late);
    expect(body.destroyed).toBe(true);
    await expect(
      receiveFile(Readable.from([]), CSV, { nextTurn: nextTurnOf, signal: aborter.signal }).started,
    ).rejects.toBe(late);
  });
});
