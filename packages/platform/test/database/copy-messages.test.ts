import fc from "fast-check";
import { createMessageSplitter } from "../../src/database/copy-messages.ts";

type Message = { readonly type: string; readonly content: Buffer };

const bytesOf = ({ type, content }: Message): Buffer => {
  const header = Buffer.alloc(5);
  header.write(type);
  header.writeUInt32BE(4 + content.length, 1);
  return Buffer.concat([header, content]);
};

/** What the splitter gives out, in order. */
function split(pieces: readonly Buffer[]): readonly (Message | { readonly rest: Buffer })[] {
  const given: (Message | { readonly rest: Buffer })[] = [];
  const whole = (message: Buffer): void => {
    expect(message.readUInt32BE(1)).toBe(message.length - 1);
    given.push({
      type: message.toString("latin1", 0, 1),
      content: Buffer.from(message.subarray(5)),
    });
  };
  const { push } = createMessageSplitter({
    onCopyData: ({ buffer, byteOffset }, at, length) =>
      given.push({ type: "d", content: Buffer.from(Buffer.from(buffer, byteOffset + at, length)) }),
    onOther: whole,
    onReady: whole,
    onRest: (rest) => given.push({ rest: Buffer.from(rest) }),
  });
  for (const piece of pieces) push(piece);
  return given;
}

const message: fc.Arbitrary<Message> = fc.record({
  type: fc.constantFrom("d", "d", "d", "H", "N", "C", "c", "E"),
  content: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
});

const READY: Message = { type: "Z", content: Buffer.from("I") };

/** Cuts bytes into pieces of 1 byte or more. */
function cut(bytes: Buffer, lengths: readonly number[]): readonly Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const length of lengths) {
    if (at + length >= bytes.length) break;
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return [...pieces, bytes.subarray(at)];
}

describe("the messages of a COPY", () => {
  it("are given out whole and in order, however they arrive", () => {
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 60 }),
        (messages, lengths) => {
          const bytes = Buffer.concat([...messages, READY].map(bytesOf));
          expect(split(cut(bytes, lengths))).toEqual([...messages, READY]);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("end with ReadyForQuery: what follows belongs to the next query", () => {
    const next = bytesOf({ type: "d", content: Buffer.from("next") });
    expect(split([Buffer.concat([bytesOf(READY), next])])).toEqual([READY, { rest: next }]);
    const [first, second] = [bytesOf(READY).subarray(0, 3), bytesOf(READY).subarray(3)];
    expect(split([first, Buffer.concat([second, next])])).toEqual([READY, { rest: next }]);
  });

  it("may be much longer than the pieces in which they arrive", () => {
    const wide = { type: "d", content: Buffer.alloc(1_000_000, "x") };
    const bytes = Buffer.concat([wide, READY].map(bytesOf));
    const pieces = Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, index) =>
      bytes.subarray(index * 65_536, (index + 1) * 65_536),
    );
    expect(split(pieces)).toEqual([wide, READY]);
  });
});
