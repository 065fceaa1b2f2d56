import type { ColumnKind } from "../../src/report.ts";

/** A value as it is written in a file: decimals and timestamps as text. */
export type Value = string | number | null;

/** Encodes a row as `COPY … (FORMAT binary)` does (PostgreSQL documentation, "COPY", Tuples). */
export function binaryRow(kinds: readonly ColumnKind[], values: readonly Value[]): Buffer {
  const fields = values.flatMap((value, index) => {
    if (value === null) return [int32(-1)];
    const bytes = encoders[kinds[index]!](String(value));
    return [int32(bytes.length), bytes];
  });
  return Buffer.concat([int16(values.length), ...fields]);
}

const int16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

const int64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
};

const encoders: Readonly<Record<ColumnKind, (text: string) => Buffer>> = {
  uuid: (text) => Buffer.from(text.replaceAll("-", ""), "hex"),
  text: (text) => Buffer.from(text),
  enum: (text) => Buffer.from(text),
  decimal: numeric,
  percent: numeric,
  integer: (text) => int64(BigInt(text)),
  timestamp: (text) => int64((BigInt(Date.parse(text)) - 946_684_800_000n) * 1_000n),
};

/** `-12.50` as numeric_send encodes it, trailing zeros in the scale only. */
export function numeric(text: string): Buffer {
  const [, sign, whole, fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)!;
  const padded = whole!.padStart(Math.ceil(whole!.length / 4) * 4, "0");
  const digits = `${padded}${fraction.padEnd(Math.ceil(fraction.length / 4) * 4, "0")}`;
  const groups = digits.match(/\d{4}/g)!.map(Number);
  let weight = padded.length / 4 - 1;
  while (groups[0] === 0) {
    groups.shift();
    weight -= 1;
  }
  while (groups.at(-1) === 0) groups.pop();
  if (groups.length === 0) weight = 0;
  const signWord = sign === "-" && groups.length > 0 ? 0x4000 : 0;
  return Buffer.concat([groups.length, weight, signWord, fraction.length, ...groups].map(int16));
}
