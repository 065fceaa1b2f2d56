import {
  createLineFaults,
  csvRecordChecker,
  DocketError,
  jsonRecordChecker,
  type LineFaults,
  type RecordKind,
} from "@docket/domain";
import {
  addContext,
  createDatabaseStage,
  type ContextIds,
  type DatabaseStage,
} from "@docket/testing";
import pg from "pg";
import { withTenant, type Database } from "../../src/database/index.ts";
import {
  contextSources,
  ingestRows,
  type IngestCounts,
  type StagingRow,
} from "../../src/ingest/index.ts";

/** Connections of the pool. */
export const POOL_SIZE = 8;

/** A context of a new tenant, with the sources Bank and Ledger. */
export type TestContext = {
  readonly tenantId: string;
  readonly contextId: string;
  /** Ingests records, one per line. */
  readonly push: (
    kind: RecordKind,
    records: readonly object[],
    options?: PushOptions,
  ) => Promise<IngestCounts>;
  /** Ingests records as the lines of a CSV; the first is line 1. */
  readonly pushCells: (kind: RecordKind, records: readonly object[]) => Promise<IngestCounts>;
  /** Returns line, field and detail of each fault for which an ingest is refused. */
  readonly faultsOf: (
    kind: RecordKind,
    records: readonly object[],
  ) => Promise<[number, string, string][]>;
  /** Queries the database as its superuser; `$1` is the context. */
  readonly ask: <T extends pg.QueryResultRow>(sql: string) => Promise<T[]>;
  /** The items of all match groups: group, transaction and allocated amount. */
  readonly items: () => Promise<object[]>;
  /** The statuses of the transactions by external ID. */
  readonly statuses: () => Promise<Record<string, string>>;
};

export type PushOptions = {
  readonly signal?: AbortSignal;
  /** Awaited before the last row is sent. */
  readonly beforeEnd?: () => Promise<void>;
};

/** Call once at the top of a test file. Every test has a new context, on which `setUp` runs first. */
export function ingestSuite(setUp?: (context: TestContext) => Promise<unknown>) {
  let stage: DatabaseStage;
  let ids: ContextIds;
  const context = testContext(() => ({
    database: stage.database,
    superuserUrl: stage.test.superuserUrl,
    ...ids,
  }));

  beforeAll(async () => {
    stage = await createDatabaseStage({ poolSize: POOL_SIZE, statementTimeoutMs: 10_000 });
  });

  beforeEach(async () => {
    ids = await addContext(stage.database);
    await setUp?.(context);
  });

  afterAll(() => stage.close());

  return {
    context,
    test: () => stage.test,
    database: () => stage.database,
    owner: () => stage.owner,
  };
}

type Current = ContextIds & { readonly database: Database; readonly superuserUrl: string };

function testContext(current: () => Current): TestContext {
  const push: TestContext["push"] = (kind, records, options) =>
    pushWith(current(), jsonRecordChecker, kind, records, options);
  const ask: TestContext["ask"] = async (sql) => {
    const client = new pg.Client({ connectionString: current().superuserUrl });
    await client.connect();
    try {
      return (await client.query(sql, [current().contextId])).rows;
    } finally {
      await client.end();
    }
  };
  return {
    get tenantId() {
      return current().tenantId;
    },
    get contextId() {
      return current().contextId;
    },
    push,
    pushCells: (kind, records) => pushWith(current(), csvRecordChecker, kind, records),
    faultsOf: async (kind, records) => {
      const error: unknown = await push(kind, records).catch((thrown: unknown) => thrown);
      if (!(error instanceof DocketError) || error.code !== "invalid_records")
        throw new Error("not refused", { cause: error });
      return (error.lines ?? []).map(({ line, field, detail }) => [line, field, detail]);
    },
    ask,
    items: () =>
      ask(
        `SELECT g.external_id AS group, t.external_id AS transaction, trim_scale(i.amount)::text AS amount
         FROM match_group_items i JOIN match_groups g ON g.id = i.match_group_id JOIN transactions t ON t.id = i.transaction_id
         WHERE g.context_id = $1 ORDER BY 1, 2`,
      ),
    statuses: async () => {
      const rows = await ask<{ external_id: string; status: string }>(
        "SELECT external_id, status FROM transactions WHERE context_id = $1",
      );
      return Object.fromEntries(rows.map(({ external_id, status }) => [external_id, status]));
    },
  };
}

type Checker = typeof jsonRecordChecker;

function pushWith(
  { database: { pool }, tenantId, contextId }: Current,
  checker: Checker,
  kind: RecordKind,
  records: readonly object[],
  { signal = new AbortController().signal, beforeEnd = async () => {} }: PushOptions = {},
): Promise<IngestCounts> {
  const linesShareRecords = checker === csvRecordChecker;
  return withTenant(tenantId, async () => {
    const sources = await contextSources(pool, contextId);
    const faults = createLineFaults();
    const check = checker(kind, (name) => sources?.get(name));
    const rows = async function* rows(): AsyncGenerator<readonly StagingRow[]> {
      for (const [index, record] of records.entries()) {
        if (index === records.length - 1) await beforeEnd();
        yield rowsOf(record, index + 1, check, faults);
      }
    };
    const beforeCommit = async (_tx: unknown, counts: IngestCounts) => counts;
    const options = { contextId, kind, linesShareRecords, rows, faults, signal, beforeCommit };
    return ingestRows(pool, options);
  });
}

function rowsOf(
  record: object,
  line: number,
  check: ReturnType<Checker>,
  faults: LineFaults,
): readonly StagingRow[] {
  const rows: StagingRow[] = [];
  check(
    record,
    (cells) => rows.push({ line, cells }),
    (field, detail) => faults.add(line, field, detail),
  );
  return rows;
}
