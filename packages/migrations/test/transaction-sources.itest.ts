import { addContext, createDatabaseStage, type DatabaseStage, untilBlocked } from "@docket/testing";
import pg from "pg";
import { runDataMigrations } from "../src/data.ts";
import { transactionSources } from "../src/transaction-sources.ts";

let stage: DatabaseStage;
/** Of the owner. One statement can wait while another one runs. */
let pool: pg.Pool;
beforeAll(async () => {
  stage = await createDatabaseStage();
  pool = new pg.Pool({ connectionString: stage.test.ownerUrl });
});
afterAll(async () => {
  await pool.end();
  await stage.close();
});

type Source = { readonly tenant: string; readonly context: string; readonly source: string };

async function addSource(): Promise<Source & { readonly otherContext: string }> {
  const { tenantId: tenant, contextId: context } = await addContext(stage.database);
  const other = await addContext(stage.database, { tenantId: tenant, name: "Other" });
  const { rows } = await pool.query<{ id: string }>(
    "SELECT id FROM sources WHERE context_id = $1 LIMIT 1",
    [context],
  );
  return { tenant, context, source: rows[0]!.id, otherContext: other.contextId };
}

const insertInto = ({ tenant, context, source }: Source): string =>
  `INSERT INTO transactions (tenant_id, context_id, source_id, external_id, amount, currency, date)
   VALUES ('${tenant}', '${context}', '${source}', 'x', 1, 'EUR', now())`;

const REFUSED = { code: "23503", constraint: "transactions_source_in_context" };

/** Runs `work` with a second connection of the owner, in a transaction. */
async function besideAnother<T>(work: (other: pg.Client) => Promise<T>): Promise<T> {
  const other = new pg.Client({ connectionString: stage.test.ownerUrl });
  await other.connect();
  try {
    await other.query("BEGIN");
    return await work(other);
  } finally {
    await other.end();
  }
}

describe("the source of a transaction", () => {
  it("must be of the same context", async () => {
    const { otherContext, ...given } = await addSource();
    const inserted = pool.query(insertInto({ ...given, context: otherContext }));
    await expect(inserted).rejects.toMatchObject(REFUSED);
    await pool.query(insertInto(given));
    const moved = pool.query("UPDATE transactions SET context_id = $1 WHERE source_id = $2", [
      otherContext,
      given.source,
    ]);
    await expect(moved).rejects.toMatchObject(REFUSED);
  });

  it("cannot be deleted, nor moved to another context, while it has transactions", async () => {
    const { otherContext, ...given } = await addSource();
    await pool.query(insertInto(given));
    for (const change of [
      "DELETE FROM sources WHERE id = $1",
      `UPDATE sources SET context_id = '${otherContext}', name = 'Moved' WHERE id = $1`,
    ])
      await expect(pool.query(change, [given.source])).rejects.toMatchObject(REFUSED);
  });

  it("cannot be deleted while another session inserts a transaction", async () => {
    const given = await addSource();
    await besideAnother(async (other) => {
      await other.query(insertInto(given));
      const deleted = pool.query("DELETE FROM sources WHERE id = $1", [given.source]);
      const refused = expect(deleted).rejects.toMatchObject(REFUSED);
      await untilBlocked(pool);
      await other.query("COMMIT");
      await refused;
    });
  });

  it("is not found while another session deletes it", async () => {
    const given = await addSource();
    await besideAnother(async (other) => {
      await other.query("DELETE FROM sources WHERE id = $1", [given.source]);
      const inserted = pool.query(insertInto(given));
      const refused = expect(inserted).rejects.toMatchObject(REFUSED);
      await untilBlocked(pool);
      await other.query("COMMIT");
      await refused;
    });
  });

  it("can be deleted only where the check sees every transaction", async () => {
    const { source } = await addSource();
    await besideAnother(async (other) => {
      await other.query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      const deleted = other.query("DELETE FROM sources WHERE id = $1", [source]);
      await expect(deleted).rejects.toMatchObject({ code: "0A000" });
    });
  });
});

const keys = async (): Promise<readonly string[]> => {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT conname AS name FROM pg_constraint
     WHERE conrelid = 'transactions'::regclass AND contype = 'f' ORDER BY conname`,
  );
  return rows.map(({ name }) => name);
};

const FIRST_KEYS = [
  "transactions_tenant_id_context_id_fkey",
  "transactions_tenant_id_source_id_fkey",
];

/** As in a database of the first release after its schema migration. */
const ADD_FIRST_KEYS = `
  ALTER TABLE transactions
    ADD CONSTRAINT ${FIRST_KEYS[0]} FOREIGN KEY (tenant_id, context_id) REFERENCES contexts (tenant_id, id),
    ADD CONSTRAINT ${FIRST_KEYS[1]} FOREIGN KEY (tenant_id, source_id) REFERENCES sources (tenant_id, id)`;

describe("the foreign keys of transactions", () => {
  it("stay while an export is running, and are dropped later", async () => {
    expect(await keys()).toEqual([]);
    await pool.query(ADD_FIRST_KEYS);
    await pool.query("DELETE FROM data_migrations WHERE name = 'transaction-sources'");
    const postponed: (string | undefined)[] = [];
    const run = () =>
      runDataMigrations(stage.test.ownerUrl, [transactionSources], (_name, _rows, reason) =>
        postponed.push(reason),
      );
    await besideAnother(async (exporter) => {
      await exporter.query("SELECT FROM transactions");
      await run();
      expect(postponed).toEqual(["its tables are in use"]);
      expect(await keys()).toEqual(FIRST_KEYS);
      await exporter.query("COMMIT");
    });
    await run();
    await run();
    expect(postponed.slice(1)).toEqual([undefined]);
    expect(await keys()).toEqual([]);
  });
});
