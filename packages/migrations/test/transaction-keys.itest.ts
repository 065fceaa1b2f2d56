import { addContext, createDatabaseStage, type DatabaseStage } from "@docket/testing";
import pg from "pg";
import { runDataMigrations } from "../src/data.ts";
import { transactionKeys } from "../src/transaction-keys.ts";

let stage: DatabaseStage;
beforeAll(async () => {
  stage = await createDatabaseStage();
});
afterAll(() => stage.close());

const keys = async (): Promise<readonly string[]> => {
  const { rows } = await stage.owner.query<{ name: string }>(
    `SELECT conname AS name FROM pg_constraint
     WHERE conrelid = 'transactions'::regclass AND contype = 'f' ORDER BY conname`,
  );
  return rows.map(({ name }) => name);
};

const NEW_KEY = "transactions_source_in_context_fkey";
const PREVIOUS_KEYS = [
  "transactions_tenant_id_context_id_fkey",
  "transactions_tenant_id_source_id_fkey",
];

/** As in a database of the previous release after its schema migration. */
const ADD_PREVIOUS_KEYS = `
  ALTER TABLE transactions
    ADD CONSTRAINT ${PREVIOUS_KEYS[0]} FOREIGN KEY (tenant_id, context_id) REFERENCES contexts (tenant_id, id),
    ADD CONSTRAINT ${PREVIOUS_KEYS[1]} FOREIGN KEY (tenant_id, source_id) REFERENCES sources (tenant_id, id)`;

describe("the keys of transactions", () => {
  it("are the one of the source in its context, in a new database", async () => {
    expect(await keys()).toEqual([NEW_KEY]);
  });

  it("refuse a transaction whose source is of another context", async () => {
    const one = await addContext(stage.database);
    const other = await addContext(stage.database, { tenantId: one.tenantId, name: "Other" });
    const inserted = stage.owner.query(
      `INSERT INTO transactions (tenant_id, context_id, source_id, external_id, amount, currency, date)
       SELECT tenant_id, $1, id, 'x', 1, 'EUR', now() FROM sources WHERE context_id = $2`,
      [one.contextId, other.contextId],
    );
    await expect(inserted).rejects.toMatchObject({ code: "23503", constraint: NEW_KEY });
  });

  it("stay as they were while an export is running, and lose the previous ones later", async () => {
    await stage.owner.query(ADD_PREVIOUS_KEYS);
    await stage.owner.query("DELETE FROM data_migrations WHERE name = 'transaction-keys'");
    const postponed: (string | undefined)[] = [];
    const run = () =>
      runDataMigrations(stage.test.ownerUrl, [transactionKeys], (_name, _rows, reason) =>
        postponed.push(reason),
      );
    await stage.owner.query(`ALTER TABLE transactions DROP CONSTRAINT ${NEW_KEY}`);
    const exporter = new pg.Client({ connectionString: stage.test.superuserUrl });
    await exporter.connect();
    await exporter.query("BEGIN; SELECT FROM transactions");
    await run();
    expect(postponed).toEqual([undefined, undefined, "its tables are in use"]);
    expect(await keys()).toEqual([NEW_KEY, ...PREVIOUS_KEYS]);
    await exporter.query("COMMIT");
    await exporter.end();
    await run();
    await run();
    expect(postponed.slice(3)).toEqual([undefined]);
    expect(await keys()).toEqual([NEW_KEY]);
  });
});
