import type { ExportSpec, ReportType } from "@docket/domain";
import { rowOf, type Row } from "./references.ts";
import type { Scene } from "./scene.ts";

/** The reports of docs/api.md §3, computed in memory from a scene. The reference for the SQL. */

const SCALE = 8n;

/** A decimal as an integer in units of 10^-8. */
function units(decimal: string): bigint {
  const [mantissa = "", exponent = "0"] = decimal.split("e");
  const [whole = "", part = ""] = mantissa.replace("-", "").split(".");
  const size = BigInt(whole + part.padEnd(Number(SCALE), "0")) * 10n ** BigInt(exponent);
  return mantissa.startsWith("-") ? -size : size;
}

/** Without an exponent, trailing zeros trimmed. */
function plain(size: bigint, scale = Number(SCALE)): string {
  const digits = String(size < 0n ? -size : size).padStart(scale + 1, "0");
  const part = digits.slice(-scale).replace(/0+$/u, "");
  return `${size < 0n ? "-" : ""}${digits.slice(0, -scale)}${part === "" ? "" : `.${part}`}`;
}

const decimal = (text: string): string => plain(units(text));

/** Two decimals, rounded half away from zero; null if `expected` is 0. */
function percent(net: bigint, expected: bigint): string | null {
  if (expected === 0n) return null;
  const abs = (value: bigint): bigint => (value < 0n ? -value : value);
  const hundredths = (abs(net) * 20_000n + abs(expected)) / (2n * abs(expected));
  const sign = net < 0n !== expected < 0n && hundredths !== 0n ? "-" : "";
  const digits = String(hundredths).padStart(3, "0");
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

const time = (instant: string): string => `${instant.slice(0, 19)}Z`;
const timeOrNull = (instant: string | null): string | null =>
  instant === null ? null : time(instant);

const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Sorts by several keys, each compared by its UTF-8 bytes. */
function sorted<T>(rows: readonly T[], keys: (row: T) => readonly string[]): T[] {
  return rows.toSorted((a, b) => {
    const others = keys(b);
    return keys(a).reduce((order, key, index) => order || compare(key, others[index]!), 0);
  });
}

export function expectedRows(scene: Scene, spec: ExportSpec): Row[] {
  const inRange = (instant: string): boolean =>
    instant.slice(0, 10) >= spec.dateFrom && instant.slice(0, 10) <= spec.dateTo;
  const transactions = new Map(
    scene.transactions
      .filter((row) => spec.sourceId === undefined || row.source_id === spec.sourceId)
      .map((row) => [row.id, row]),
  );
  const sourceName = (id: string): string => scene.sources.find((source) => source.id === id)!.name;
  const common = (id: string) => {
    const { source_id, external_id, currency, date, description } = transactions.get(id)!;
    return {
      transaction_id: id,
      source_id,
      external_id,
      currency,
      date: time(date),
      description,
      source_name: sourceName(source_id),
    };
  };
  const dateOf = (id: string): string => transactions.get(id)!.date;

  const makers: Record<ReportType, () => Row[]> = {
    MATCHED: () => {
      const confirmed = new Map(
        scene.groups
          .filter(({ status }) => status === "CONFIRMED")
          .map((group) => [group.id, group]),
      );
      const items = scene.items.filter(
        (item) =>
          confirmed.has(item.match_group_id) &&
          transactions.has(item.transaction_id) &&
          inRange(dateOf(item.transaction_id)),
      );
      return sorted(items, (item) => [
        dateOf(item.transaction_id),
        item.transaction_id,
        item.match_group_id,
      ]).map((item) => {
        const { rule, confidence } = confirmed.get(item.match_group_id)!;
        return rowOf("MATCHED", {
          ...common(item.transaction_id),
          match_group_id: item.match_group_id,
          amount: decimal(item.amount),
          match_rule: rule,
          confidence: confidence === null ? null : decimal(confidence),
        });
      });
    },
    UNMATCHED: () => {
      const open = [...transactions.values()].filter(
        (row) => row.status !== "MATCHED" && inRange(row.date),
      );
      return sorted(open, (row) => [row.date, row.id]).map((row) => {
        const exception = scene.exceptions.find(({ transaction_id }) => transaction_id === row.id);
        return rowOf("UNMATCHED", {
          ...common(row.id),
          amount: decimal(row.amount),
          status: row.status,
          exception_id: exception?.id ?? null,
          due_at: timeOrNull(exception?.due_at ?? null),
        });
      });
    },
    VARIANCE: () => {
      const fees = scene.fees.filter(
        (fee) => transactions.has(fee.transaction_id) && inRange(dateOf(fee.transaction_id)),
      );
      const groups = groupBy(fees, (fee) =>
        JSON.stringify([fee.source_id, fee.currency, fee.fee_schedule_id, fee.fee_schedule_name]),
      );
      const firsts = [...groups.values()].map((each) => ({ each, first: each[0]! }));
      return sorted(firsts, ({ first }) => [
        sourceName(first.source_id),
        first.currency,
        first.fee_schedule_name,
        first.source_id,
        first.fee_schedule_id,
      ]).map(({ each, first }) => {
        const sum = (which: "expected" | "actual"): bigint =>
          each.reduce((total, fee) => total + units(fee[which]), 0n);
        const net = sum("actual") - sum("expected");
        return rowOf("VARIANCE", {
          ...first,
          source_name: sourceName(first.source_id),
          total_expected: plain(sum("expected")),
          total_actual: plain(sum("actual")),
          net_variance: plain(net),
          variance_pct: percent(net, sum("expected")),
          item_count: each.length,
        });
      });
    },
    EXCEPTIONS: () => {
      const exceptions = scene.exceptions.filter(
        (row) => transactions.has(row.transaction_id) && inRange(row.created_at),
      );
      return sorted(exceptions, (row) => [row.created_at, row.id]).map((row) => {
        const latest = sorted(
          scene.disputes.filter(({ exception_id }) => exception_id === row.id),
          (dispute) => [dispute.created_at, dispute.id],
        ).at(-1);
        return rowOf("EXCEPTIONS", {
          ...common(row.transaction_id),
          ...row,
          exception_id: row.id,
          amount: decimal(transactions.get(row.transaction_id)!.amount),
          due_at: timeOrNull(row.due_at),
          created_at: time(row.created_at),
          updated_at: time(row.updated_at),
          dispute_id: latest?.id ?? null,
          dispute_state: latest?.state ?? null,
        });
      });
    },
  };
  return makers[spec.reportType]();
}

/** Node 20 has no Map.groupBy. */
function groupBy<T>(rows: readonly T[], key: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return groups;
}
