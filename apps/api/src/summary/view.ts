import { addDays, AGE_BUCKETS, DISPUTE_STATES, EXCEPTION_SEVERITIES } from "@docket/domain";
import {
  amountSchema,
  choiceSchema,
  component,
  countSchema,
  daySchema,
  idSchema,
  instantSchema,
  listSchema,
  objectSchema,
  textSchema,
} from "../openapi/json-schema.ts";
import type { Figure, SummaryRange } from "./service.ts";

/** The counts and amounts of figures, by figure, day, currency and label. */
type Lookup = {
  readonly count: (figure: string, where?: Partial<Where>) => number;
  /** The amounts of each currency by label; '0' where there is none. */
  readonly amounts: <Label extends string>(
    figure: string,
    labels: readonly Label[],
  ) => ({ readonly currency: string } & Readonly<Record<Label, string>>)[];
};

type Where = { readonly day: string; readonly label: string };

/** A summary in a response (docs/api.md §8). */
export function summaryView(
  contextId: string,
  range: SummaryRange,
  figures: readonly Figure[],
): object {
  const { count, amounts } = lookup(figures);
  return {
    contextId,
    ...range,
    asOf: figures.find(({ figure }) => figure === "as-of")?.at?.toISOString(),
    transactions: {
      total: count("transactions"),
      matched: count("transactions", { label: "MATCHED" }),
      unmatched: count("transactions", { label: "UNMATCHED" }),
      pendingReview: count("transactions", { label: "PENDING_REVIEW" }),
      ignored: count("transactions", { label: "IGNORED" }),
    },
    amounts: amounts("amounts", ["matched", "unmatched"]),
    daily: daysOf(range).map((day) => ({
      date: day,
      total: count("daily", { day }),
      matched: count("daily", { day, label: "matched" }),
    })),
    exceptions: exceptionsOf({ count, amounts }),
    disputes: disputesOf({ count, amounts }),
    exports: { unfinished: count("exports-unfinished"), failedLastDay: count("exports-failed") },
  };
}

function exceptionsOf({ count }: Lookup): object {
  const unresolved = (label?: string): number =>
    ["exceptions-assigned", "exceptions-unassigned"].reduce(
      (sum, figure) => sum + count(figure, label === undefined ? {} : { label }),
      0,
    );
  // How many have reached the age of each bucket: all of them that of the first.
  const fromAge = AGE_BUCKETS.map(({ bucket, fromDays }) =>
    fromDays === 0 ? unresolved() : count("exceptions-from-age", { label: bucket }),
  );
  return {
    open: unresolved(),
    overdue: count("exceptions-overdue"),
    unassigned: count("exceptions-unassigned"),
    bySeverity: EXCEPTION_SEVERITIES.map((severity) => ({ severity, count: unresolved(severity) })),
    byAge: AGE_BUCKETS.map(({ bucket }, n) => ({
      bucket,
      count: fromAge[n]! - (fromAge[n + 1] ?? 0),
    })),
  };
}

function disputesOf({ count, amounts }: Lookup): object {
  const [won, lost] = [count("disputes", { label: "WON" }), count("disputes", { label: "LOST" })];
  return {
    byState: DISPUTE_STATES.map((state) => ({ state, count: count("disputes", { label: state }) })),
    amounts: amounts("dispute-amounts", ["disputed", "recovered", "lost"]),
    overdue: count("disputes-overdue"),
    ...(won + lost > 0 && { wonShare: Number((won / (won + lost)).toFixed(4)) }),
  };
}

function lookup(figures: readonly Figure[]): Lookup {
  const keyOf = (figure: string, { day = "", label = "" }: Partial<Where>): string =>
    `${figure} ${day} ${label}`;
  const counts = new Map<string, number>();
  for (const { figure, at, label, count } of figures) {
    const day = at === null ? "" : at.toISOString().slice(0, 10);
    // The figure, and its sums over the days, the labels and both.
    for (const key of new Set(
      [{ day, label }, { day }, { label }, {}].map((where) => keyOf(figure, where)),
    ))
      counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return {
    count: (figure, where = {}) => counts.get(keyOf(figure, where)) ?? 0,
    amounts: <Label extends string>(wanted: string, labels: readonly Label[]) => {
      const rows = figures.filter(({ figure }) => figure === wanted);
      const currencies = [...new Set(rows.map(({ currency }) => currency))].toSorted();
      return currencies.map((currency) => {
        const amountOf = (label: Label): string =>
          rows.find((row) => row.currency === currency && row.label === label)?.amount ?? "0";
        const byLabel = Object.fromEntries(labels.map((label) => [label, amountOf(label)]));
        return { currency, ...(byLabel as Record<Label, string>) };
      });
    },
  };
}

/** Every day of a range. */
function daysOf({ dateFrom, dateTo }: SummaryRange): readonly string[] {
  const days: string[] = [];
  for (let day = dateFrom; day <= dateTo; day = addDays(day, 1)) days.push(day);
  return days;
}

const amountsSchema = (...labels: readonly string[]) =>
  listSchema(
    objectSchema({
      currency: textSchema,
      ...Object.fromEntries(labels.map((label) => [label, amountSchema])),
    }),
  );

const buckets = AGE_BUCKETS.map(({ bucket }) => bucket);

export const summarySchema = component("Summary", {
  contextId: idSchema,
  dateFrom: daySchema,
  dateTo: daySchema,
  asOf: instantSchema,
  transactions: objectSchema({
    total: countSchema,
    matched: countSchema,
    unmatched: countSchema,
    pendingReview: countSchema,
    ignored: countSchema,
  }),
  amounts: amountsSchema("matched", "unmatched"),
  daily: listSchema(objectSchema({ date: daySchema, total: countSchema, matched: countSchema })),
  exceptions: objectSchema({
    open: countSchema,
    overdue: countSchema,
    unassigned: countSchema,
    bySeverity: listSchema(
      objectSchema({ severity: choiceSchema(EXCEPTION_SEVERITIES), count: countSchema }),
    ),
    byAge: listSchema(objectSchema({ bucket: choiceSchema(buckets), count: countSchema })),
  }),
  disputes: objectSchema(
    {
      byState: listSchema(
        objectSchema({ state: choiceSchema(DISPUTE_STATES), count: countSchema }),
      ),
      amounts: amountsSchema("disputed", "recovered", "lost"),
      overdue: countSchema,
    },
    { wonShare: { type: "number", minimum: 0, maximum: 1 } },
  ),
  exports: objectSchema({ unfinished: countSchema, failedLastDay: countSchema }),
});
