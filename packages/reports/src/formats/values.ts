import { OVERRUN_BYTES, pieceOf, putAscii, putPiece, wordTable } from "./bytes.ts";

/**
 * Renders the values of a binary COPY row as ASCII, the same in every format.
 *
 * The layouts are those of PostgreSQL's send functions (uuid_send, numeric_send, int8send, timestamptz_send). They have
 * not changed since PostgreSQL 7.4, and a test compares them with the server's own text output.
 */

/**
 * Reads the value of `length` bytes at `at` of `row` and writes it to `out` from position `to`.
 *
 * @returns the position after the last byte written. The caller has made sure that `out` has room, also for `OVERRUN_BYTES`.
 */
export type WriteValue = (
  row: DataView,
  at: number,
  length: number,
  out: DataView,
  to: number,
) => number;

/** The longest decimal in bytes. Longer ones throw. */
const MAX_DECIMAL_BYTES = 128;

/**
 * The longest text that a value other than a text can become, in bytes, with what a format may put around a decimal. It is also more
 * than what a format puts around a text.
 */
export const MAX_PLAIN_BYTES = 192 + OVERRUN_BYTES;

const TWO_HEX_DIGITS = wordTable(256, (n) => n.toString(16).padStart(2, "0"));
const FOUR_HEX_DIGITS = Uint32Array.from(
  { length: 65_536 },
  (_, n) => TWO_HEX_DIGITS[n >> 8]! | (TWO_HEX_DIGITS[n & 0xff]! << 16),
);
const TWO_DIGITS = wordTable(100, (n) => String(n).padStart(2, "0"));
const FOUR_DIGITS = wordTable(10_000, (n) => String(n).padStart(4, "0"));

const [MINUS, POINT, COLON, ZERO, LETTER_Z] = [45, 46, 58, 48, 90] as const;

export const writeUuid: WriteValue = (row, at, length, out, to) => {
  if (length !== 16) throw unexpected("uuid", length);
  out.setUint32(to, FOUR_HEX_DIGITS[row.getUint16(at)]!, true);
  out.setUint32(to + 4, FOUR_HEX_DIGITS[row.getUint16(at + 2)]!, true);
  out.setUint8(to + 8, MINUS);
  out.setUint32(to + 9, FOUR_HEX_DIGITS[row.getUint16(at + 4)]!, true);
  out.setUint8(to + 13, MINUS);
  out.setUint32(to + 14, FOUR_HEX_DIGITS[row.getUint16(at + 6)]!, true);
  out.setUint8(to + 18, MINUS);
  out.setUint32(to + 19, FOUR_HEX_DIGITS[row.getUint16(at + 8)]!, true);
  out.setUint8(to + 23, MINUS);
  out.setUint32(to + 24, FOUR_HEX_DIGITS[row.getUint16(at + 10)]!, true);
  out.setUint32(to + 28, FOUR_HEX_DIGITS[row.getUint16(at + 12)]!, true);
  out.setUint32(to + 32, FOUR_HEX_DIGITS[row.getUint16(at + 14)]!, true);
  return to + 36;
};

export const writeInteger: WriteValue = (row, at, length, out, to) => {
  if (length !== 8) throw unexpected("bigint", length);
  return putAscii(String(row.getBigInt64(at)), out, to);
};

/**
 * Writes a whole number that is not negative. It makes no string, because a sheet shows the number of a row in each of its cells, and
 * V8 caches the strings of numbers.
 *
 * @returns the position after it.
 */
export function putNumber(number: number, out: DataView, start: number): number {
  if (number < 10_000) {
    const skipped = leadingZeros(number);
    out.setUint32(start, FOUR_DIGITS[number]! >>> (8 * skipped), true);
    return start + 4 - skipped;
  }
  const to = putNumber(Math.floor(number / 10_000), out, start);
  out.setUint32(to, FOUR_DIGITS[number % 10_000]!, true);
  return to + 4;
}

/**
 * Writes the last `count` digits of a whole number, zeros included.
 *
 * @param count a multiple of four.
 * @returns the position after them.
 */
export function putDigits(number: number, count: number, out: DataView, to: number): number {
  let rest = number;
  for (let at = to + count - 4; at >= to; at -= 4) {
    out.setUint32(at, FOUR_DIGITS[rest % 10_000]!, true);
    rest = Math.floor(rest / 10_000);
  }
  return to + count;
}

const POSITIVE = 0x0000;
const NEGATIVE = 0x4000;

/** A decimal without trailing zeros: `100.5`, `100`. Throws for NaN and the infinities. */
export const writeDecimal: WriteValue = (row, at, _length, out, to) => {
  const end = writeNumeric(row, at, out, to);
  const scale = row.getInt16(at + 6);
  if (scale === 0) return end;
  let trimmed = end;
  while (out.getUint8(trimmed - 1) === ZERO) trimmed -= 1;
  return out.getUint8(trimmed - 1) === POINT ? trimmed - 1 : trimmed;
};

/** A decimal with all the digits of its scale: `10.00`. Throws for NaN and the infinities. */
export const writeScaledDecimal: WriteValue = (row, at, _length, out, to) =>
  writeNumeric(row, at, out, to);

/** numeric_send: count of base-10000 digits, weight of the first one, sign, decimals to show, the digits. */
function writeNumeric(row: DataView, at: number, out: DataView, start: number): number {
  const count = row.getInt16(at);
  const weight = row.getInt16(at + 2);
  const sign = row.getUint16(at + 4);
  const scale = row.getInt16(at + 6);
  if (sign !== POSITIVE && sign !== NEGATIVE) throw new RangeError("a numeric is not finite");
  if (4 * weight + scale + 8 > MAX_DECIMAL_BYTES) throw new RangeError("a numeric is too long");
  let to = start;
  if (sign === NEGATIVE) out.setUint8(to++, MINUS);
  if (weight < 0) out.setUint8(to++, ZERO);
  for (let digit = 0; digit <= weight; digit += 1) {
    const group = digit < count ? row.getInt16(at + 8 + 2 * digit) : 0;
    const skipped = digit === 0 ? leadingZeros(group) : 0;
    out.setUint32(to, FOUR_DIGITS[group]! >>> (8 * skipped), true);
    to += 4 - skipped;
  }
  if (scale === 0) return to;
  out.setUint8(to++, POINT);
  const end = to + scale;
  for (let digit = weight + 1; to < end; digit += 1, to += 4) {
    const group = digit >= 0 && digit < count ? row.getInt16(at + 8 + 2 * digit) : 0;
    out.setUint32(to, FOUR_DIGITS[group]!, true);
  }
  return end;
}

const leadingZeros = (group: number): number =>
  group >= 1_000 ? 0 : group >= 100 ? 1 : group >= 10 ? 2 : 3;

const MICROSECONDS_PER_SECOND = 1_000_000;
export const SECONDS_PER_DAY = 86_400;
/** Days from 1970-01-01 to 2000-01-01, the epoch of PostgreSQL. */
const EPOCH_DAYS = 10_957;
/** From 0001-01-01 to the end of 9999: what RFC 3339 can write, and what the API takes. */
const FIRST_DAY = -730_119;
const LAST_DAY = 2_921_939;

/** The whole seconds of a timestamptz since 2000-01-01T00:00:00Z. */
export function secondsSince2000(row: DataView, at: number, length: number): number {
  if (length !== 8) throw unexpected("timestamptz", length);
  // A double holds every multiple of 64 µs in this range, and so every whole second, exactly.
  const microseconds = row.getInt32(at) * 4_294_967_296 + row.getUint32(at + 4);
  return Math.floor(microseconds / MICROSECONDS_PER_SECOND);
}

/** RFC 3339 in UTC, cut to whole seconds: `2026-01-15T10:30:00Z`. Throws for the infinities and years beyond 1 to 9999. */
export function createTimestampWriter(): WriteValue {
  // Rows mostly come in the order of their dates: the text of the last day serves the next row, too.
  let lastDay = NaN;
  let dayText = pieceOf("");
  return (row, at, length, out, to) => {
    const seconds = secondsSince2000(row, at, length);
    const day = Math.floor(seconds / SECONDS_PER_DAY);
    if (day !== lastDay) {
      dayText = pieceOf(`${dayOf(day)}T`);
      lastDay = day;
    }
    const second = seconds - day * SECONDS_PER_DAY;
    putPiece(dayText, out, to);
    out.setUint16(to + 11, TWO_DIGITS[Math.floor(second / 3_600)]!, true);
    out.setUint8(to + 13, COLON);
    out.setUint16(to + 14, TWO_DIGITS[Math.floor((second % 3_600) / 60)]!, true);
    out.setUint8(to + 16, COLON);
    out.setUint16(to + 17, TWO_DIGITS[second % 60]!, true);
    out.setUint8(to + 19, LETTER_Z);
    return to + 20;
  };
}

function dayOf(day: number): string {
  if (!(day >= FIRST_DAY && day <= LAST_DAY))
    throw new RangeError("a timestamp is not between the years 1 and 9999");
  return new Date((day + EPOCH_DAYS) * SECONDS_PER_DAY * 1_000).toISOString().slice(0, 10);
}

const unexpected = (type: string, length: number): Error =>
  new Error(`the server sent a ${type} of ${length} bytes`);
