import type { ExportSpec, ReportType } from "@docket/domain";
import { formatUnits, parseUnits, percentOf } from "./decimals.ts";
import { chosen, rowOf, type Row } from "./references.ts";
import type { FeeRow, Scene, TransactionRow } from "./scene.ts";

/** The reports of docs/api.md §3, computed in memory from a scene. The reference for the SQL. */

export const expectedRows = (scene: Scene, spec: ExportSpec): Row[] =>
  models[spec.reportType](scene, spec).map((row) => chosen(spec, row));

const models: Readonly<Record<ReportType, (scene: Scene, spec: ExportSpec) => Row[]>> = {
  MATCHED: matchedRows,
  UNMATCHED: unmatchedRows,
  VARIANCE: varianceRows,
  EXCEPTIONS: exceptionRows,
};

function matchedRows(scene: Scene, spec: ExportSpec): Row[] {
  const transactions = transactionsById(scene, spec);
  const confirmed = new Map(
    scene.groups.filter(({ status }) => status === "CONFIRMED").map((group) => [group.id, group]),
  );
  const rows = scene.items.flatMap((item) => {
    const group = confirmed.get(item.match_group_id);
    const transaction = transactions.get(item.transaction_id);
    const isIncluded = group && transaction && isInRange(transaction.date, spec);
    return isIncluded ? [{ item, group, transaction }] : [];
  });
  return sorted(rows, ({ transaction, group }) => [transaction.date, transaction.id, group.id]).map(
    ({ item, group, transaction }) =>
      rowOf("MATCHED", {
        ...commonValues(scene, transaction),
        match_group_id: group.id,
        amount: decimal(item.amount),
        match_rule: group.rule,
        confidence: group.confidence === null ? null : decimal(group.confidence),
      }),
  );
}

function unmatchedRows(scene: Scene, spec: ExportSpec): Row[] {
  const rows = [...transactionsById(scene, spec).values()].filter(
    (row) => row.status !== "MATCHED" && isInRange(row.date, spec),
  );
  return sorted(rows, (row) => [row.date, row.id]).map((row) => {
    const exception = scene.exceptions.find(({ transaction_id }) => transaction_id === row.id);
    return rowOf("UNMATCHED", {
      ...commonValues(scene, row),
      amount: decimal(row.amount),
      status: row.status,
      exception_id: exception?.id ?? null,
      due_at: timeOrNull(exception?.due_at ?? null),
    });
  });
}

function varianceRows(scene: Scene, spec: ExportSpec): Row[] {
  const transactions = transactionsById(scene, spec);
  const fees = scene.fees.filter((fee) => {
    const transaction = transactions.get(fee.transaction_id);
    return transaction !== undefined && isInRange(transaction.date, spec);
  });
  const groups = groupBy(fees, (fee) =>
    JSON.stringify([fee.source_id, fee.currency, fee.fee_schedule_id, fee.fee_schedule_name]),
  );
  return sorted(groups, ([fee]) => [
    sourceName(scene, fee.source_id),
    fee.currency,
    fee.fee_schedule_name,
    fee.source_id,
    fee.fee_schedule_id,
  ]).map((group) => {
    const sum = (column: "expected" | "actual"): bigint =>
      group.reduce((total, fee: FeeRow) => total + parseUnits(fee[column]), 0n);
    const net = sum("actual") - sum("expected");
    return rowOf("VARIANCE", {
      ...group[0],
      source_name: sourceName(scene, group[0].source_id),
      total_expected: formatUnits(sum("expected")),
      total_actual: formatUnits(sum("actual")),
      net_variance: formatUnits(net),
      variance_pct: percentOf(net, sum("expected")),
      item_count: group.length,
    });
  });
}

function exceptionRows(scene: Scene, spec: ExportSpec): Row[] {
  const transactions = transactionsById(scene, spec);
  const rows = scene.exceptions.flatMap((exception) => {
    const transaction = transactions.get(exception.transaction_id);
    const isIncluded = transaction && isInRange(exception.created_at, spec);
    return isIncluded ? [{ exception, transaction }] : [];
  });
  return sorted(rows, ({ exception }) => [exception.created_at, exception.id]).map(
    ({ exception, transaction }) => {
      const latest = sorted(
        scene.disputes.filter(({ exception_id }) => exception_id === exception.id),
        (dispute) => [dispute.created_at, dispute.id],
      ).at(-1);
      return rowOf("EXCEPTIONS", {
        ...commonValues(scene, transaction),
        ...exception,
        exception_id: exception.id,
        amount: decimal(transaction.amount),
        due_at: timeOrNull(exception.due_at),
        created_at: time(exception.created_at),
        updated_at: time(exception.updated_at),
        dispute_id: latest?.id ?? null,
        dispute_state: latest?.state ?? null,
      });
    },
  );
}

/** The transactions of the requested source, or of all sources. */
const transactionsById = (scene: Scene, { sourceId }: ExportSpec): Map<string, TransactionRow> =>
  new Map(
    scene.transactions
      .filter((row) => sourceId === undefined || row.source_id === sourceId)
      .map((row) => [row.id, row]),
  );

const isInRange = (instant: string, { dateFrom, dateTo }: ExportSpec): boolean =>
  instant.slice(0, 10) >= dateFrom && instant.slice(0, 10) <= dateTo;

const sourceName = (scene: Scene, id: string): string =>
  scene.sources.find((source) => source.id === id)!.name;

const commonValues = (scene: Scene, row: TransactionRow) => ({
  transaction_id: row.id,
  source_id: row.source_id,
  external_id: row.external_id,
  currency: row.currency,
  date: time(row.date),
  description: row.description,
  source_name: sourceName(scene, row.source_id),
});

const decimal = (text: string): string => formatUnits(parseUnits(text));

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

/** The groups of rows with equal keys. Node 20 has no `Map.groupBy`. */
function groupBy<T>(rows: readonly T[], key: (row: T) => string): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group === undefined) groups.set(key(row), [row]);
    else group.push(row);
  }
  return [...groups.values()];
}
