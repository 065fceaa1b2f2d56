/** The texts of the console are English, and so are its numbers and dates, wherever the reader is. */
const LOCALE = "en";
const DATE_LOCALE = "en-GB";

/** Makes a formatter when it is first needed: the first one of a page takes tens of milliseconds. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

const integers = once(() => new Intl.NumberFormat(LOCALE));
const shares = once(
  () => new Intl.NumberFormat(LOCALE, { style: "percent", maximumFractionDigits: 1 }),
);

export const formatCount = (count: number): string => integers().format(count);

/** "1 row", "2 rows". */
export const formatUnit = (count: number, unit: string, units = `${unit}s`): string =>
  `${formatCount(count)} ${count === 1 ? unit : units}`;

/** A share of 1 as a percentage. Only all is 100 %, and only none is 0 %. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return "–";
  const share = part / whole;
  if (part < whole && share > 0.9995) return "> 99.9%";
  if (part > 0 && share < 0.0005) return "< 0.1%";
  return shares().format(share);
}

/** The digits after the decimal point that a currency has. */
function currencyDigits(currency: string): number {
  try {
    const format = new Intl.NumberFormat(LOCALE, { style: "currency", currency });
    return format.resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/**
 * A decimal string with the currency's own decimals at least, and with all of its own: an amount never passes through a float
 * and is never rounded. The minus sign is U+2212.
 */
export function formatAmount(amount: string, currency: string): string {
  const trimmed = amount.includes(".") ? amount.replace(/\.?0+$/, "") : amount;
  const format = new Intl.NumberFormat(LOCALE, {
    minimumFractionDigits: currencyDigits(currency),
    maximumFractionDigits: 20,
  });
  // Intl reads a string exactly (ECMA-402, NumberFormat v3).
  return format.format(trimmed as Intl.StringNumericLiteral).replace("-", "\u2212");
}

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** Bytes in decimal units: "512 B", "1.2 MB". */
export function formatBytes(bytes: number): string {
  const exponent = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const value = bytes / 1_000 ** exponent;
  const digits = exponent === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[exponent] ?? ""}`;
}

/** Whole seconds, minutes, hours or days: "40 s", "3 min", "5 h", "12 days". */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 2 * 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}

/** "3 min ago", "in 6 days", "just now". */
export function formatRelative(instant: string, now: number): string {
  const distance = Date.parse(instant) - now;
  if (Math.abs(distance) < 10_000) return "just now";
  const duration = formatDuration(Math.abs(distance));
  return distance < 0 ? `${duration} ago` : `in ${duration}`;
}

const exact = once(
  () =>
    new Intl.DateTimeFormat(DATE_LOCALE, {
      day: "numeric",
      month: "short",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      timeZoneName: "short",
    }),
);

/** The instant in the reader's time zone, which it names. */
export const formatInstant = (instant: string): string => exact().format(new Date(instant));

const ofDay = { day: "numeric", month: "short", timeZone: "UTC" } as const;
const days = once(() => new Intl.DateTimeFormat(DATE_LOCALE, { ...ofDay, year: "numeric" }));
const shortDays = once(() => new Intl.DateTimeFormat(DATE_LOCALE, ofDay));

/** A day such as 2026-01-15. It has no time zone, and is never shifted. */
export const formatDay = (day: string): string =>
  days().format(new Date(`${day.slice(0, 10)}T00:00Z`));
export const formatShortDay = (day: string): string =>
  shortDays().format(new Date(`${day.slice(0, 10)}T00:00Z`));

/** "1 – 31 Jan 2026", or both days in full. */
export const formatDays = (from: string, to: string): string =>
  from === to
    ? formatDay(from)
    : days().formatRange(new Date(`${from}T00:00Z`), new Date(`${to}T00:00Z`));

/** "PENDING_EVIDENCE" as "Pending evidence". */
export function sentenceCase(name: string): string {
  const words = name.toLowerCase().replaceAll(/[_-]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The first and the last characters of an id or a digest. */
export const shortened = (id: string, head = 4, tail = 4): string =>
  id.length <= head + tail + 1 ? id : `${id.slice(0, head)}…${id.slice(-tail)}`;

/** Makes the formatters of numbers and days, while the first answers are on their way. */
export function prepareFormats(): void {
  integers();
  days();
}
