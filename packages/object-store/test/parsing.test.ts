import fc from "fast-check";

import { parseRange } from "../src/operations/byte-range.ts";
import { compareKeys } from "../src/operations/key-order.ts";
import { encode, parseTarget } from "../src/target.ts";

const anyKey = fc.string({ unit: "binary", minLength: 1, maxLength: 200 });

describe("parseTarget", () => {
  it("returns any key unchanged, even one that looks like a path", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyKey,
          fc.constantFrom("../../etc/passwd", "a//b", "/", ".", "%2e%2e", "a?b#c", "\0"),
        ),
        (key) => {
          expect(parseTarget(`/bucket/${key.split("/").map(encode).join("/")}?x=1`)).toMatchObject({
            bucket: "bucket",
            key,
          });
        },
      ),
    );
  });

  it("decodes the query, including names without a value", () => {
    const { query } = parseTarget("/b?uploads&prefix=a%2Fb%20c%2B&x=1=2");
    expect(query.pairs).toEqual([
      ["uploads", ""],
      ["prefix", "a/b c+"],
      ["x", "1=2"],
    ]);
  });

  it.each([
    ["/b/%zz", "InvalidURI"],
    ["/b/%ff", "InvalidURI"],
    ["*", "InvalidURI"],
    [`/b/${"a".repeat(1025)}`, "KeyTooLongError"],
  ])("refuses %.20s", (url, code) => {
    expect(() => parseTarget(url)).toThrow(expect.objectContaining({ code }));
  });
});

describe("compareKeys", () => {
  it("orders keys by their UTF-8 bytes", () => {
    fc.assert(
      fc.property(anyKey, anyKey, (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });
});

describe("parseRange for an object of 100 bytes", () => {
  it.each([
    ["bytes=0-9", { first: 0, last: 9 }],
    ["bytes=90-", { first: 90, last: 99 }],
    ["bytes=-10", { first: 90, last: 99 }],
    ["bytes=-1000", { first: 0, last: 99 }],
    ["bytes=50-1000", { first: 50, last: 99 }],
    ["bytes=9-0", undefined],
    ["bytes=0-1,5-6", undefined],
    ["bytes=-", undefined],
    ["lines=1-2", undefined],
    [undefined, undefined],
  ])("parses %s as %j", (header, range) => {
    expect(parseRange(header, 100)).toEqual(range);
  });

  it.each(["bytes=100-", "bytes=-0"])("refuses %s", (header) => {
    expect(() => parseRange(header, 100)).toThrow(
      expect.objectContaining({ code: "InvalidRange" }),
    );
  });
});
