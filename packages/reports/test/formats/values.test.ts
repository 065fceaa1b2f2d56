import fc from "fast-check";
import { viewOf } from "../../src/formats/bytes.ts";
import {
  createTimestampWriter,
  putDigits,
  putNumber,
  writeDecimal,
  writeInteger,
  writeScaledDecimal,
  writeUuid,
  type WriteValue,
} from "../../src/formats/values.ts";
import { numeric } from "../support/binary-row.ts";

/** What a writer makes of a value. */
function written(write: WriteValue, value: Buffer): string {
  const row = Buffer.concat([Buffer.alloc(3, 0xee), value, Buffer.alloc(3, 0xee)]);
  const out = Buffer.alloc(200, "#");
  const end = write(viewOf(row), 3, value.length, viewOf(out), 2);
  expect(out.toString("latin1", 0, 2)).toBe("##");
  return out.toString("latin1", 2, end);
}

const decimal = fc
  .tuple(
    fc.boolean(),
    fc.bigInt({ min: 0n, max: 10n ** 20n - 1n }),
    fc.option(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 8 })),
  )
  .map(([negative, whole, fraction]) => {
    const text = fraction === null ? `${whole}` : `${whole}.${fraction.join("")}`;
    return negative && /[1-9]/.test(text) ? `-${text}` : text;
  });

describe("a number", () => {
  it.each([0, 9, 10, 9_999, 10_000, 10_001, 1_048_576, 100_000_000, Number.MAX_SAFE_INTEGER])(
    "%i is written with all of its digits, and no others",
    (number) => {
      const out = Buffer.alloc(24, "#");
      const end = putNumber(number, viewOf(out), 1);
      expect(out.toString("latin1", 0, end)).toBe(`#${number}`);
    },
  );
});

it.each([
  [7, 4, "0007"],
  [86_399_000_001, 12, "086399000001"],
  [1e12 - 1, 12, "999999999999"],
])("the digits of %i are written in a width of %i", (number, count, text) => {
  const out = Buffer.alloc(24, "#");
  expect(out.toString("latin1", 1, putDigits(number, count, viewOf(out), 1))).toBe(text);
});

describe("a decimal", () => {
  it("is written with all the digits of its scale", () => {
    fc.assert(
      fc.property(decimal, (text) => {
        expect(written(writeScaledDecimal, numeric(text))).toBe(text);
      }),
    );
  });

  it("is written without trailing zeros", () => {
    fc.assert(
      fc.property(decimal, (text) => {
        const trimmed = text.includes(".") ? text.replace(/\.?0+$/, "") : text;
        expect(written(writeDecimal, numeric(text))).toBe(trimmed);
      }),
    );
  });

  it.each(["0", "0.00000001", "-0.00010000", "10000", "99999999999999999999.99999999", "100.50"])(
    "%s keeps its digits",
    (text) => {
      expect(written(writeScaledDecimal, numeric(text))).toBe(text);
    },
  );

  it.each([
    ["NaN", 0xc000],
    ["Infinity", 0xd000],
    ["-Infinity", 0xf000],
  ])("fails when it is %s", (_name, sign) => {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt16BE(sign, 4);
    expect(() => written(writeDecimal, bytes)).toThrow("not finite");
  });

  it("fails when it is longer than any amount", () => {
    expect(() => written(writeDecimal, numeric("1".padEnd(200, "0")))).toThrow("too long");
  });
});

describe("a timestamp", () => {
  const microseconds = (milliseconds: number): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE((BigInt(milliseconds) - 946_684_800_000n) * 1_000n);
    return bytes;
  };

  it("is cut to whole seconds, from year 1 to 9999 and in any order", () => {
    const write = createTimestampWriter();
    const instant = fc.integer({
      min: Date.parse("0001-01-01T00:00:00Z"),
      max: Date.parse("9999-12-31T23:59:59.999Z"),
    });
    fc.assert(
      fc.property(instant, (milliseconds) => {
        const text = `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
        expect(written(write, microseconds(milliseconds))).toBe(text);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(["-000001-12-31T23:59:59Z", "+010000-01-01T00:00:00Z"])("fails at %s", (text) => {
    const write = createTimestampWriter();
    expect(() => written(write, microseconds(Date.parse(text)))).toThrow("years 1 and 9999");
  });

  it.each([
    ["infinity", 0x7fffffffffffffffn],
    ["-infinity", -0x8000000000000000n],
  ])("fails when it is %s", (_name, value) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(value);
    expect(() => written(createTimestampWriter(), bytes)).toThrow("years 1 and 9999");
  });
});

it("writes a UUID in lower case with its hyphens", () => {
  fc.assert(
    fc.property(fc.uuid(), (uuid) => {
      expect(written(writeUuid, Buffer.from(uuid.replaceAll("-", ""), "hex"))).toBe(uuid);
    }),
  );
});

it("writes a 64-bit integer", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64BE(value);
      expect(written(writeInteger, bytes)).toBe(String(value));
    }),
  );
});

it("refuses values whose length is not that of their type", () => {
  for (const write of [writeUuid, writeInteger, createTimestampWriter()])
    expect(() => written(write, Buffer.alloc(4))).toThrow("4 bytes");
});
