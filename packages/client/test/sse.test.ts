import fc from "fast-check";

import { createEventParser, type ServerSentEvent } from "../src/transport/sse.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Parses the bytes in chunks that end at `cuts`. */
function parse(input: Uint8Array, cuts: readonly number[] = []): readonly ServerSentEvent[] {
  const push = createEventParser();
  const ends = [...cuts, input.length].toSorted((a, b) => a - b);
  return ends.flatMap((end, index) => push(input.subarray(ends[index - 1] ?? 0, end)));
}

test("reads events as the specification says", () => {
  const text =
    '\uFEFFretry: 2000\n\n:\n\nid: 7\nevent: dispute.won\ndata: {"a":\ndata: 1}\n\r\ndata:x\r\r' +
    "event: nothing\n\ndata\n\nother: x\ndata:  two spaces\n\ndata: not complete\n";
  expect(parse(bytes(text))).toEqual([
    { type: "dispute.won", data: '{"a":\n1}' },
    { type: "message", data: "x" },
    { type: "message", data: "" },
    { type: "message", data: " two spaces" },
  ]);
});

test("reads the same events however the bytes are cut", () => {
  const line = fc.oneof(
    fc.constantFrom("", "", "data", "data: ", ":", "event: a", "id: 1", "data:\uFEFF", "data: :"),
    fc.string({ unit: "binary", maxLength: 12 }).map((text) => `data: ${text}`),
    fc.string({ unit: "grapheme", maxLength: 12 }),
  );
  const text = fc
    .array(fc.tuple(line, fc.constantFrom("\n", "\r", "\r\n")))
    .map((lines) => lines.flat().join(""));
  const cuts = fc.array(fc.nat(400));
  fc.assert(
    fc.property(text, cuts, (given, at) => {
      const input = bytes(given);
      const within = at.map((cut) => Math.min(cut, input.length));
      expect(parse(input, within)).toEqual(parse(input));
    }),
    { numRuns: 200 },
  );
});

test.each([
  ["a line", "x".repeat(200)],
  ["an event of many lines", "data: x\n".repeat(20)],
])("refuses %s without an end", (_, text) => {
  const push = createEventParser(100);
  expect(() => {
    for (const byte of bytes(text)) push(Uint8Array.of(byte));
  }).toThrow("too large");
});

test("accepts any number of small events in one chunk", () => {
  const push = createEventParser(100);
  expect(push(bytes("data: x\n\n:\n\n".repeat(1_000)))).toHaveLength(1_000);
});
