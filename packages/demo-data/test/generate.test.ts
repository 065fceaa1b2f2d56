import { createHash } from "node:crypto";

import { generateDemoData } from "../src/generate.ts";
import { BANK, LEDGER } from "../src/vocabulary.ts";

const TODAY = "2026-11-23";
const data = generateDemoData(TODAY);
const cents = (amount: string): number => Math.round(Number(amount) * 100);
const keyOf = (record: { source: string; transaction: string }): string =>
  `${record.source} ${record.transaction}`;
const transactions = new Map(
  data.transactions.map((each) => [`${each.source} ${each.externalId}`, each]),
);
const digest = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex");

describe("generateDemoData", () => {
  it("is deterministic", () => {
    expect(digest(generateDemoData(TODAY))).toBe(digest(data));
  });

  it("depends on the day in its dates only", () => {
    const DATE_FIELDS = ["date", "createdAt", "dueAt", "status", "assignedTo", "resolutionType"];
    const timeless = (records: readonly object[]): unknown =>
      records.map((record) =>
        Object.fromEntries(Object.entries(record).filter(([name]) => !DATE_FIELDS.includes(name))),
      );
    const later = generateDemoData("2027-02-28");
    expect(digest(timeless(later.transactions))).toBe(digest(timeless(data.transactions)));
    expect(digest(later.matchGroups)).toBe(digest(data.matchGroups));
    expect(digest(later.feeVariances)).toBe(digest(data.feeVariances));
  });

  it("has about 50,000 transactions in two sources", () => {
    expect(data.transactions.length).toBeGreaterThan(49_000);
    expect(data.transactions.length).toBeLessThan(51_000);
    const sources = new Set(data.transactions.map((each) => each.source));
    expect(sources).toEqual(new Set([BANK.name, LEDGER.name]));
  });

  it("has unique external ids", () => {
    expect(transactions.size).toBe(data.transactions.length);
    for (const records of [data.matchGroups, data.feeVariances]) {
      expect(new Set(records.map((each) => each.externalId)).size).toBe(records.length);
    }
    expect(new Set(data.exceptions.map(keyOf)).size).toBe(data.exceptions.length);
  });

  it("covers the three months that end today", () => {
    const days = data.transactions.map((each) => each.date.slice(0, 10)).toSorted();
    expect(days[0]).toBe("2026-08-24");
    expect(days.at(-1)).toBe(TODAY);
    expect(data.exceptions.every((each) => each.createdAt <= `${TODAY}T00:00:00Z`)).toBe(true);
  });

  it("dates bank lines to working days", () => {
    const booked = data.transactions.filter((each) => each.source === BANK.name);
    const weekdays = new Set(booked.map((each) => new Date(each.date).getUTCDay()));
    expect(weekdays).toEqual(new Set([1, 2, 3, 4, 5]));
  });

  it("references only transactions that exist", () => {
    const items = data.matchGroups.flatMap((group) => group.items);
    const records = [...items, ...data.feeVariances, ...data.exceptions];
    // One expectation for all records: 50,000 expectations would take ten seconds.
    expect(records.filter((record) => !transactions.has(keyOf(record)))).toEqual([]);
  });

  it("allocates exactly the amount of each matched transaction, in one currency per group", () => {
    const allocated = new Map<string, number>();
    for (const group of data.matchGroups) {
      const currencies = new Set(
        group.items.map((item) => transactions.get(keyOf(item))?.currency),
      );
      if (currencies.size !== 1) throw new Error(`${group.externalId} mixes currencies`);
      if (group.status !== undefined) continue;
      for (const item of group.items) {
        const amount = item.amount ?? transactions.get(keyOf(item))?.amount ?? "";
        const sum = (allocated.get(keyOf(item)) ?? 0) + Math.abs(cents(amount));
        allocated.set(keyOf(item), sum);
      }
    }
    const wrong = [...allocated].filter(
      ([key, sum]) => sum !== Math.abs(cents(transactions.get(key)?.amount ?? "")),
    );
    expect(wrong).toEqual([]);
  });

  it("has the same sum on both sides of each confirmed group", () => {
    const unequal = data.matchGroups.filter((group) => {
      const sums: Record<string, number> = { [BANK.name]: 0, [LEDGER.name]: 0 };
      for (const item of group.items) {
        const amount = item.amount ?? transactions.get(keyOf(item))?.amount ?? "";
        sums[item.source]! += cents(amount);
      }
      return group.status === undefined && sums[BANK.name] !== sums[LEDGER.name];
    });
    expect(unequal).toEqual([]);
  });

  it("contains every severity, status, rule, currency and fee schedule", () => {
    const countDistinct = (values: readonly unknown[]): number => new Set(values).size;
    expect(countDistinct(data.exceptions.map((each) => each.severity))).toBe(4);
    expect(countDistinct(data.exceptions.map((each) => each.status))).toBe(4);
    expect(countDistinct(data.matchGroups.map((each) => each.status))).toBe(3);
    expect(countDistinct(data.matchGroups.map((each) => each.rule))).toBe(6);
    expect(countDistinct(data.transactions.map((each) => each.status))).toBe(3);
    expect(countDistinct(data.transactions.map((each) => each.currency))).toBe(4);
    expect(countDistinct(data.feeVariances.map((each) => each.feeScheduleId))).toBe(7);
    expect(data.feeVariances.some((each) => each.expected !== each.actual)).toBe(true);
    expect(data.transactions.some((each) => each.description.startsWith("=HYPERLINK"))).toBe(true);
  });
});
