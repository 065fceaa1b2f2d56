/**
 * Renders the values of a binary COPY row as ASCII, the same in every format.
 *
 * The layouts are those of PostgreSQL's send functions (uuid_send, numeric_send, int8send, timestamptz_send). They have
 * not changed since PostgreSQL 7.4, and a test compares them with the server's own text output.
 */

/**
 * Reads the value of `length` bytes at `at` of `row` and writes it to `out` from position `to`.
 *
 * @returns the position after the last byte written. The caller has made sure that `out` has room.
 */
export type WriteValue = (
  row: Buffer,
  at: number,
  length: number,
  out: Buffer,
  to: number,
) => number;

/** The longest decimal in bytes. Longer ones throw. */
const MAX_DECIMAL_BYTES = 128;

/** The longest text that a value other than a text can become, in bytes, with what a format may put around a decimal. */
export const MAX_PLAIN_BYTES = 192;

const ascii = (length: number, text: (n: number) => string): Uint8Array =>
  Uint8Array.from(Buffer.from(Array.from({ length }, (_, n) => text(n)).join(""), "latin1"));

const HEX = ascii(256, (n) => n.toString(16).padStart(2, "0"));
const TWO_DIGITS = ascii(100, (n) => String(n).padStart(2, "0"));
const FOUR_DIGITS = ascii(10_000, (n) => String(n).padStart(4, "0"));

const [MINUS, POINT, COLON, ZERO, LETTER_Z] = [45, 46, 58, 48, 90] as const;

/** The positions of a UUID's bytes after which its text has a hyphen. */
const HYPHEN_AFTER = new Set([3, 5, 7, 9]);
const UUID_OFFSETS = Uint8Array.from(
  Array.from({ length: 16 }, (_, byte) => [...HYPHEN_AFTER].filter((each) => each < byte).length),
  (hyphens, byte) => 2 * byte + hyphens,
);

export const writeUuid: WriteValue = (row, at, length, out, to) => {
  if (length !== 16) throw unexpected("uuid", length);
  out[to + 8] = out[to + 13] = out[to + 18] = out[to + 23] = MINUS;
  for (let byte = 0; byte < 16; byte += 1) {
    const hex = 2 * row[at + byte]!;
    const place = to + UUID_OFFSETS[byte]!;
    out[place] = HEX[hex]!;
    out[place + 1] = HEX[hex + 1]!;
  }
  return to + 36;
};

export const writeInteger: WriteValue = (row, at, length, out, to) => {
  if (length !== 8) throw unexpected("bigint", length);
  return to + out.write(String(row.readBigInt64BE(at)), to, "latin1");
};

const POSITIVE = 0x0000;
const NEGATIVE = 0x4000;

const int16 = (row: Buffer, at: number): number => ((row[at]! << 24) >> 16) | row[at + 1]!;

/** A decimal without trailing zeros: `100.5`, `100`. Throws for NaN and the infinities. */
export const writeDecimal: WriteValue = (row, at, _length, out, to) => {
  const end = writeNumeric(row, at, out, to);
  const scale = int16(row, at + 6);
  if (scale === 0) return end;
  let trimmed = end;
  while (out[trimmed - 1] === ZERO) trimmed -= 1;
  return out[trimmed - 1] === POINT ? trimmed - 1 : trimmed;
};

/** A decimal with all the digits of its scale: `10.00`. Throws for NaN and the infinities. */
export const writeScaledDecimal: WriteValue = (row, at, _length, out, to) =>
  writeNumeric(row, at, out, to);

/** numeric_send: count of base-10000 digits, weight of the first one, sign, decimals to show, the digits. */
function writeNumeric(row: Buffer, at: number, out: Buffer, start: number): number {
  const count = int16(row, at);
  const weight = int16(row, at + 2);
  const sign = (row[at + 4]! << 8) | row[at + 5]!;
  const scale = int16(row, at + 6);
  if (sign !== POSITIVE && sign !== NEGATIVE) throw new RangeError("a numeric is not finite");
  if (4 * weight + scale + 8 > MAX_DECIMAL_BYTES) throw new RangeError("a numeric is too long");
  let to = start;
  if (sign === NEGATIVE) out[to++] = MINUS;
  if (weight < 0) out[to++] = ZERO;
  for (let digit = 0; digit <= weight; digit += 1) {
    const group = digit < count ? int16(row, at + 8 + 2 * digit) : 0;
    for (let place = digit === 0 ? leadingZeros(group) : 0; place < 4; place += 1)
      out[to++] = FOUR_DIGITS[4 * group + place]!;
  }
  if (scale === 0) return to;
  out[to++] = POINT;
  const end = to + scale;
  for (let digit = weight + 1; to < end; digit += 1) {
    const group = digit >= 0 && digit < count ? int16(row, at + 8 + 2 * digit) : 0;
    for (let place = 0; place < 4 && to < end; place += 1)
      out[to++] = FOUR_DIGITS[4 * group + place]!;
  }
  return end;
}

const leadingZeros = (group: number): number =>
  group >= 1_000 ? 0 : group >= 100 ? 1 : group >= 10 ? 2 : 3;

const MICROSECONDS_PER_SECOND = 1_000_000;
const SECONDS_PER_DAY = 86_400;
/** Days from 1970-01-01 to 2000-01-01, the epoch of PostgreSQL. */
const EPOCH_DAYS = 10_957;
/** From 0001-01-01 to the end of 9999: what RFC 3339 can write, and what the API takes. */
const FIRST_DAY = -730_119;
const LAST_DAY = 2_921_939;

/** The whole seconds of a timestamptz since 2000-01-01T00:00:00Z. */
export function secondsSince2000(row: Buffer, at: number, length: number): number {
  if (length !== 8) throw unexpected("timestamptz", length);
  // A double holds every multiple of 64 µs in this range, and so every whole second, exactly.
  const microseconds = row.readInt32BE(at) * 4_294_967_296 + row.readUInt32BE(at + 4);
  return Math.floor(microseconds / MICROSECONDS_PER_SECOND);
}

/** RFC 3339 in UTC, cut to whole seconds: `2026-01-15T10:30:00Z`. Throws for the infinities and years beyond 1 to 9999. */
export function createTimestampWriter(): WriteValue {
  // Rows mostly come in the order of their dates: the text of the last day serves the next row, too.
  let lastDay = NaN;
  let dayText = Buffer.alloc(0);
  return (row, at, length, out, to) => {
    const seconds = secondsSince2000(row, at, length);
    const day = Math.floor(seconds / SECONDS_PER_DAY);
    if (day !== lastDay) {
      dayText = Buffer.from(`${dayOf(day)}T`, "latin1");
      lastDay = day;
    }
    const second = seconds - day * SECONDS_PER_DAY;
    for (let index = 0; index < 11; index += 1) out[to + index] = dayText[index]!;
    const hours = 2 * Math.floor(second / 3_600);
    const minutes = 2 * Math.floor((second % 3_600) / 60);
    const rest = 2 * (second % 60);
    out[to + 11] = TWO_DIGITS[hours]!;
    out[to + 12] = TWO_DIGITS[hours + 1]!;
    out[to + 13] = COLON;
    out[to + 14] = TWO_DIGITS[minutes]!;
    out[to + 15] = TWO_DIGITS[minutes + 1]!;
    out[to + 16] = COLON;
    out[to + 17] = TWO_DIGITS[rest]!;
    out[to + 18] = TWO_DIGITS[rest + 1]!;
    out[to + 19] = LETTER_Z;
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
