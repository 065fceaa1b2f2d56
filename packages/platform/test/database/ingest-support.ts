import { randomUUID } from "node:crypto";
import {
  createLineFaults,
  csvRecordChecker,
  DocketError,
  jsonRecordChecker,
  type LineFaults,
  type RecordKind,
} from "@docket/domain";
import pg from "pg";
import {
  contextSources,
  copyRow,
  ingestRows,
  withTenant,
  type Database,
  type IngestCounts,
} from "../../src/database/index.ts";

/** A context with the sources Bank and Ledger, of a tenant of its own. */
export type Book = {
  readonly tenantId: string;
  readonly contextId: string;
  /** Pushes records, one a line. */
  readonly push: (
    kind: RecordKind,
    records: readonly object[],
    options?: PushOptions,
  ) => Promise<IngestCounts>;
  /** The same as lines of a CSV would be; the first is line 1. */
  readonly pushCells: (kind: RecordKind, records: readonly object[]) => Promise<IngestCounts>;
  /** Line, field and detail of each fault with which a push is refused. */
  readonly faultsOf: (
    kind: RecordKind,
    records: readonly object[],
  ) => Promise<[number, string, string][]>;
  /** Asks the database as its superuser; `$1` is the context. */
  readonly ask: <T extends pg.QueryResultRow>(sql: string) => Promise<T[]>;
  /** Transactions' statuses by their external ids. */
  readonly statuses: () => Promise<Record<string, string>>;
};

export type PushOptions = {
  readonly signal?: AbortSignal;
  /** Awaited before the last row is sent. */
  readonly beforeEnd?: () => Promise<void>;
};

export async function aBook(database: Database, superuserUrl: string): Promise<Book> {
  const tenantId = randomUUID();
  const contextId = await withTenant(tenantId, async () => {
    const context = await database.prisma.context.create({
      data: { tenantId, name: "a reconciliation" },
    });
    for (const [name, side] of [
      ["Bank", "LEFT"],
      ["Ledger", "RIGHT"],
    ] as const) {
      await database.prisma.source.create({
        data: { tenantId, contextId: context.id, name, type: "BANK", side },
      });
    }
    return context.id;
  });

  const pushWith = async (
    checker: typeof jsonRecordChecker,
    kind: RecordKind,
    records: readonly object[],
    linesShareRecords: boolean,
    { signal = new AbortController().signal, beforeEnd = async () => {} }: PushOptions = {},
  ): Promise<IngestCounts> => {
    const sources = await contextSources(database.pool, contextId);
    const faults = createLineFaults();
    const check = checker(kind, (name) => sources?.get(name));
    const rows = async function* rows(): AsyncGenerator<Buffer> {
      for (const [index, record] of records.entries()) {
        if (index === records.length - 1) await beforeEnd();
        yield Buffer.from(rowsOf(record, index + 1, check, faults));
      }
    };
    return ingestRows(database.pool, { contextId, kind, linesShareRecords, rows, faults, signal });
  };
  const push: Book["push"] = (kind, records, options) =>
    withTenant(tenantId, () => pushWith(jsonRecordChecker, kind, records, false, options));
  const ask: Book["ask"] = async (sql) => {
    const client = new pg.Client({ connectionString: superuserUrl });
    await client.connect();
    try {
      return (await client.query(sql, [contextId])).rows;
    } finally {
      await client.end();
    }
  };
  return {
    tenantId,
    contextId,
    push,
    pushCells: (kind, records) =>
      withTenant(tenantId, () => pushWith(csvRecordChecker, kind, records, true)),
    faultsOf: async (kind, records) => {
      const error: unknown = await push(kind, records).catch((thrown: unknown) => thrown);
      if (!(error instanceof DocketError) || error.code !== "invalid_records")
        throw new Error("not refused", { cause: error });
      return (error.lines ?? []).map(({ line, field, detail }) => [line, field, detail]);
    },
    ask,
    statuses: async () => {
      const rows = await ask<{ external_id: string; status: string }>(
        "SELECT external_id, status FROM transactions WHERE context_id = $1",
      );
      return Object.fromEntries(rows.map(({ external_id, status }) => [external_id, status]));
    },
  };
}

function rowsOf(
  record: object,
  line: number,
  check: ReturnType<typeof jsonRecordChecker>,
  faults: LineFaults,
): string {
  let rows = "";
  check(
    record,
    (cells) => (rows += copyRow(line, cells)),
    (field, detail) => faults.add(line, field, detail),
  );
  return rows;
}

/** A transaction of the bank over 100 EUR. */
export const tx = (externalId: string, changes: object = {}): object => ({
  source: "Bank",
  externalId,
  amount: "100",
  currency: "EUR",
  date: "2026-01-15",
  ...changes,
});

/** A match group that takes the given transactions of the bank, whole or in part. */
export const group = (
  externalId: string,
  items: Record<string, string | undefined>,
  changes: object = {},
): object => ({
  externalId,
  items: Object.entries(items).map(([transaction, amount]) => ({
    source: "Bank",
    transaction,
    ...(amount !== undefined && { amount }),
  })),
  ...changes,
});
