import { createDatabaseStage, type DatabaseStage } from "@docket/testing";
import pg from "pg";
import { runDataMigrations } from "../src/data.ts";
import { matchedItemsKey } from "../src/matched-items-key.ts";

let stage: DatabaseStage;
beforeAll(async () => {
  stage = await createDatabaseStage();
});
afterAll(() => stage.close());

const KEY = "PRIMARY KEY (tenant_id, context_id, date, transaction_id, match_group_id)";
const COVERING_KEY = `${KEY} INCLUDE (source_id, amount, rule, confidence)`;

/** The primary key of matched_items, and how many indexes the table has. */
async function keyOf(): Promise<readonly [key: string, indexes: number]> {
  const { rows } = await stage.owner.query<{ key: string; indexes: string }>(
    `SELECT pg_get_constraintdef(oid) AS key,
       (SELECT count(*) FROM pg_index WHERE indrelid = conrelid) AS indexes
     FROM pg_constraint WHERE conrelid = 'matched_items'::regclass AND contype = 'p'`,
  );
  return [rows[0]!.key, Number(rows[0]!.indexes)];
}

describe("the primary key of matched_items", () => {
  it("holds all columns, in a new database", async () => {
    expect(await keyOf()).toEqual([COVERING_KEY, 1]);
  });

  it("stays as it was while an export is running, and is replaced later", async () => {
    await stage.owner.query(
      `ALTER TABLE matched_items DROP CONSTRAINT matched_items_pkey, ADD ${KEY}`,
    );
    await stage.owner.query("DELETE FROM data_migrations WHERE name = 'matched-items-key'");
    const postponed: (string | undefined)[] = [];
    const run = () =>
      runDataMigrations(stage.test.ownerUrl, [matchedItemsKey], (_name, _rows, reason) =>
        postponed.push(reason),
      );
    const exporter = new pg.Client({ connectionString: stage.test.superuserUrl });
    await exporter.connect();
    await exporter.query("BEGIN; SELECT FROM matched_items");
    await run();
    expect(postponed).toEqual([undefined, "its tables are in use"]);
    expect(await keyOf()).toEqual([KEY, 2]);
    await exporter.query("COMMIT");
    await exporter.end();
    await run();
    await run();
    expect(postponed.slice(2)).toEqual([undefined]);
    expect(await keyOf()).toEqual([COVERING_KEY, 1]);
  });
});
