/** A range of whole days, both inclusive. */
export type Period = { readonly dateFrom: string; readonly dateTo: string };

export type Preset = {
  readonly value: string;
  readonly label: string;
  readonly period: (today: string) => Period;
};

const DAY_MS = 86_400_000;

/** The day `count` days after this one. */
export const addDays = (day: string, count: number): string =>
  toDay(Date.parse(`${day}T00:00Z`) + count * DAY_MS);

/** Today in a time zone. */
export const todayIn = (timeZone: string, now: number = Date.now()): string =>
  // The format of Sweden is that of ISO 8601.
  new Intl.DateTimeFormat("sv-SE", { timeZone }).format(now);

const toDay = (instant: number): string => new Date(instant).toISOString().slice(0, 10);

/** The first day of the month that is `months` after that of `day`. */
function firstOfMonth(day: string, months = 0): string {
  const [year = 0, month = 1] = day.split("-").map(Number);
  return toDay(Date.UTC(year, month - 1 + months, 1));
}

/** `count` whole months from the one that is `months` after that of `day`. */
const wholeMonths = (day: string, months: number, count = 1): Period => ({
  dateFrom: firstOfMonth(day, months),
  dateTo: addDays(firstOfMonth(day, months + count), -1),
});

/** How many months the quarter of `day` has begun before. */
const monthsIntoQuarter = (day: string): number => (Number(day.slice(5, 7)) - 1) % 3;

export const PRESETS: readonly Preset[] = [
  {
    value: "last-7-days",
    label: "Last 7 days",
    period: (today) => ({ dateFrom: addDays(today, -6), dateTo: today }),
  },
  {
    value: "last-30-days",
    label: "Last 30 days",
    period: (today) => ({ dateFrom: addDays(today, -29), dateTo: today }),
  },
  {
    value: "last-90-days",
    label: "Last 90 days",
    period: (today) => ({ dateFrom: addDays(today, -89), dateTo: today }),
  },
  {
    value: "this-month",
    label: "This month",
    period: (today) => ({ dateFrom: firstOfMonth(today), dateTo: today }),
  },
  { value: "last-month", label: "Last month", period: (today) => wholeMonths(today, -1) },
  {
    value: "last-quarter",
    label: "Last quarter",
    period: (today) => wholeMonths(today, -monthsIntoQuarter(today) - 3, 3),
  },
  {
    value: "this-year",
    label: "This year",
    period: (today) => ({ dateFrom: `${today.slice(0, 4)}-01-01`, dateTo: today }),
  },
];

/** The preset of these days, else "custom". */
export const presetOf = ({ dateFrom, dateTo }: Period, today: string): string =>
  PRESETS.find(({ period }) => {
    const days = period(today);
    return days.dateFrom === dateFrom && days.dateTo === dateTo;
  })?.value ?? "custom";
