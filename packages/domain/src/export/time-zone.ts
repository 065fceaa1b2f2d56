import { dayNumber } from "../calendar.ts";

/** Days of a time zone. Instants are seconds since 1970-01-01T00:00:00Z. */

/** ICU knows these besides the names of the IANA database. Most mean several zones: BST, CST, IST. */
const NOT_IANA =
  /^(?:A[CEGRS]T|B[ES]T|C[ANS]T|CTT|EAT|ECT|I[ES]T|JST|MIT|N[ES]T|P[LNRS]T|SST|VST|SystemV\/.*)$/i;

/** True for a zone of the IANA database and for its aliases, in any case. Offsets such as `+01:00` are not zones. */
export function isTimeZone(name: string): boolean {
  if (!/^[a-z]/i.test(name) || NOT_IANA.test(name)) return false;
  try {
    clockOf(name);
    return true;
  } catch {
    return false;
  }
}

/** The day that begins or continues in `timeZone` at `instant`. */
export function dayAt(instant: number, timeZone: string): string {
  const { year, month, day } = partsAt(clockOf(timeZone), instant);
  const text = (value: number, length: number): string => String(value).padStart(length, "0");
  return `${text(year, 4)}-${text(month, 2)}-${text(day, 2)}`;
}

/**
 * The first instant of `day` in `timeZone`: the first midnight of two where clocks are set back, and the change itself where
 * they skip midnight. A day that the zone skipped altogether begins, and ends, with the next one.
 */
export function startOfDay(day: string, timeZone: string): number {
  const clock = clockOf(timeZone);
  const offsetAt = (instant: number): number => localSeconds(partsAt(clock, instant)) - instant;
  const midnight = utcMidnight(day);
  // Offsets are less than a day, and there is at most one change within two days.
  const [earliest, latest] = [midnight - DAY, midnight + DAY];
  const before = offsetAt(earliest);
  const midnights = [midnight - before, midnight - offsetAt(latest)].filter(
    (instant) => offsetAt(instant) === midnight - instant,
  );
  if (midnights.length > 0) return Math.min(...midnights);
  let [low, high] = [earliest, latest];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

const DAY = 86_400;
const EPOCH_DAY = dayNumber("1970-01-01");

const utcMidnight = (day: string): number => (dayNumber(day) - EPOCH_DAY) * DAY;

type Parts = Record<"year" | "month" | "day" | "hour" | "minute" | "second", number>;

/** @throws RangeError for an unknown zone. */
const clockOf = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    era: "short",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });

function partsAt(clock: Intl.DateTimeFormat, instant: number): Parts {
  const texts = Object.fromEntries(
    clock.formatToParts(instant * 1_000).map(({ type, value }) => [type, value]),
  );
  const { year, month, day, hour, minute, second } = texts as Record<keyof Parts, string>;
  return {
    // 1 BC is the year 0.
    year: texts["era"] === "BC" ? 1 - Number(year) : Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  };
}

const localSeconds = ({ year, month, day, hour, minute, second }: Parts): number =>
  utcMidnight(`${year}-${month}-${day}`) + hour * 3_600 + minute * 60 + second;
