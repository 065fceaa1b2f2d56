import { addDays, isDay } from "../calendar.ts";

const DAY_LENGTH = 10;
/** Leaves room for more than 200 decimals of a second, whose number RFC 3339 does not limit. */
const MAX_LENGTH = 255;
/** An RFC 3339 timestamp after its date. No leap seconds; offsets up to ±15:59, the range of Postgres. */
const TIME =
  /^[Tt]((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(\.\d+)?(?:[Zz]|([+-])(0\d|1[0-5]):([0-5]\d))$/;
/** The length of a decimal point and three digits. */
const MILLISECONDS_LENGTH = 4;

/** The range that both Postgres and RFC 3339 can represent: years 0001 to 9999 in UTC. */
const FIRST_DAY = "0001-01-01";
const LAST_DAY = "9999-12-31";

/**
 * Parses a `YYYY-MM-DD` (midnight UTC) or an RFC 3339 timestamp, and returns it as a literal that Postgres can read,
 * truncated to milliseconds. Undefined for any other text, for one of more than 255 characters, for a day or time that does
 * not exist, and for an instant outside of the years 0001 to 9999 in UTC.
 */
export function parseInstant(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  if (text.length === DAY_LENGTH) return isDay(text) ? text : undefined;
  const day = text.slice(0, DAY_LENGTH);
  if (!isDay(day)) return undefined;
  const match = TIME.exec(text.slice(DAY_LENGTH));
  if (match === null) return undefined;
  const [, time = "", decimals = "", sign, hours = "00", minutes = "00"] = match;
  const milliseconds = decimals.slice(0, MILLISECONDS_LENGTH);
  if (sign === undefined) return `${day} ${time}${milliseconds}Z`;
  const offset = `${hours}:${minutes}`;
  // A positive offset can move the instant before the first year in UTC, a negative one beyond the last.
  if (day === FIRST_DAY && sign === "+" && time < `${offset}:00`) return undefined;
  if (day === LAST_DAY && sign === "-" && time >= endOfDay(hours, minutes)) return undefined;
  return `${day} ${time}${milliseconds}${sign}${offset}`;
}

/** A literal of {@link parseInstant} that has a time. */
const LITERAL = /^(.{10}) (\d\d):(\d\d)(:\d\d)(?:\.(\d{1,3}))?(?:Z|([+-])(\d\d):(\d\d))$/;
const MINUTES_PER_DAY = 1_440;

/**
 * Converts an RFC 3339 timestamp to UTC with milliseconds: `2026-01-15T10:30:00.000Z`. Undefined for a day without a time, and
 * for what {@link parseInstant} refuses.
 */
export function parseTimestamp(text: string): string | undefined {
  const match = LITERAL.exec(parseInstant(text) ?? "");
  if (match === null) return undefined;
  const [, day = "", hours, minutes, seconds, decimals = "", sign, ...offset] = match;
  const [offsetHours = "0", offsetMinutes = "0"] = offset;
  const east = 60 * Number(offsetHours) + Number(offsetMinutes);
  const minute = 60 * Number(hours) + Number(minutes) + (sign === "-" ? east : -east);
  const days = Math.floor(minute / MINUTES_PER_DAY);
  const left = minute - days * MINUTES_PER_DAY;
  const time = `${two(Math.floor(left / 60))}:${two(left % 60)}${seconds}`;
  return `${addDays(day, days)}T${time}.${decimals.padEnd(3, "0")}Z`;
}

const two = (part: number): string => String(part).padStart(2, "0");

/** The local time at which the next UTC day begins, for a negative offset: 24:00 minus the offset. */
function endOfDay(hours: string, minutes: string): string {
  const left = 24 * 60 - (Number(hours) * 60 + Number(minutes));
  return `${two(Math.floor(left / 60))}:${two(left % 60)}:00`;
}
