import { isDay } from "../calendar.ts";

const DAY_LENGTH = 10;
/** RFC 3339 after its day. No leap seconds; offsets as far as Postgres knows them. */
const TIME =
  /^[Tt]((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:(\.\d{1,3})\d*)?(?:[Zz]|([+-])(0\d|1[0-5]):([0-5]\d))$/;

/** The instants that Postgres and RFC 3339 can both write: years 0001 to 9999 in UTC. */
const FIRST_DAY = "0001-01-01";
const LAST_DAY = "9999-12-31";

/**
 * Reads a `YYYY-MM-DD` (midnight UTC) or an RFC 3339 timestamp with its offset, and returns it as Postgres reads it,
 * in whole milliseconds: further digits are cut off. Undefined for anything else, for days and times that do not exist,
 * and for instants outside of the years 0001 to 9999 in UTC.
 */
export function instant(text: string): string | undefined {
  if (text.length === DAY_LENGTH) return isDay(text) ? text : undefined;
  const day = text.slice(0, DAY_LENGTH);
  if (!isDay(day)) return undefined;
  const match = TIME.exec(text.slice(DAY_LENGTH));
  if (match === null) return undefined;
  const [, time = "", milliseconds = "", sign, hours = "00", minutes = "00"] = match;
  if (sign === undefined) return `${day} ${time}${milliseconds}Z`;
  const offset = `${hours}:${minutes}`;
  // East of Greenwich the day begins earlier in UTC, west of it the day ends later.
  if (day === FIRST_DAY && sign === "+" && time < `${offset}:00`) return undefined;
  if (day === LAST_DAY && sign === "-" && time >= endOfDay(hours, minutes)) return undefined;
  return `${day} ${time}${milliseconds}${sign}${offset}`;
}

/** The time of day at which a day west of Greenwich becomes the next one in UTC: 24:00 less the offset. */
function endOfDay(hours: string, minutes: string): string {
  const left = 24 * 60 - (Number(hours) * 60 + Number(minutes));
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${two(Math.floor(left / 60))}:${two(left % 60)}:00`;
}
