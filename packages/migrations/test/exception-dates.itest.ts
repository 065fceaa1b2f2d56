import {
  addContext,
  CLEAR_EXCEPTION_DATES,
  createDatabaseStage,
  EXCEPTION_DATES_DIFFERENCE,
  untilBlocked,
  type DatabaseStage,
} from "@docket/testing";
import pg from "pg";
import { runDataMigrations } from "../src/data.ts";
import { exceptionDates } from "../src/exception-dates.ts";
import { exceptionDatesRequired } from "../src/exception-dates-required.ts";
import { inTransaction } from "../src/transaction.ts";

let stage: DatabaseStage;
let other: pg.Client;

/** As a process of the previous release inserts them. */
const EXCEPTIONS = `
  INSERT INTO exceptions (tenant_id, context_id, transaction_id, severity, amount_key, currency, source_id)
  SELECT tenant_id, context_id, id, 'LOW', amount_key(amount), currency, source_id FROM transactions`;

const MOVE = "UPDATE transactions SET date = date + interval '1 day' WHERE external_id = 'T7'";

beforeEach(async () => {
  stage = await createDatabaseStage();
  for (let contexts = 0; contexts < 2; contexts += 1)
    await addContext(stage.database, { transactions: 20 });
  await stage.owner.query(EXCEPTIONS);
  await stage.owner.query("DELETE FROM data_migrations");
  other = new pg.Client({ connectionString: stage.test.ownerUrl });
  await other.connect();
});

afterEach(async () => {
  await other.end();
  await stage.close();
});

const differences = async (): Promise<object[]> =>
  (await stage.owner.query<object>(EXCEPTION_DATES_DIFFERENCE)).rows;

it("exceptions that the previous release inserts have the date", async () => {
  expect(await differences()).toEqual([]);
});

describe("the data migration of the dates of exceptions", () => {
  it("fills in those that have none, and nothing else", async () => {
    const read = async () => {
      const sql = "SELECT to_jsonb(e) - 'date' AS exception FROM exceptions e ORDER BY id";
      return (await stage.owner.query(sql)).rows;
    };
    await stage.owner.query(CLEAR_EXCEPTION_DATES);
    expect(await differences()).toHaveLength(40);
    const before = await read();
    await runDataMigrations(stage.test.ownerUrl, [exceptionDates]);
    expect(await differences()).toEqual([]);
    expect(await read()).toEqual(before);
  });

  it.each(["COMMIT", "ROLLBACK"])(
    "waits for an ingest that has changed a date, until its %s",
    async (end) => {
      await stage.owner.query(CLEAR_EXCEPTION_DATES);
      await other.query("BEGIN");
      await other.query(MOVE);
      const migrating = runDataMigrations(stage.test.ownerUrl, [exceptionDates]);
      await untilBlocked(stage.owner);
      await other.query(end);
      await migrating;
      expect(await differences()).toEqual([]);
    },
  );

  it("is overwritten by an ingest that waits for it", async () => {
    await stage.owner.query(CLEAR_EXCEPTION_DATES);
    const migration = new pg.Client({ connectionString: stage.test.ownerUrl });
    await migration.connect();
    let moving: Promise<unknown> | undefined;
    await inTransaction(migration, async () => {
      await exceptionDates.migrateBatch(migration, undefined);
      moving = other.query(MOVE);
      await untilBlocked(stage.owner);
    });
    await moving;
    await migration.end();
    expect(await differences()).toEqual([]);
  });

  it("requires them from then on, also where triggers are off, as in a restore", async () => {
    await stage.owner.query(CLEAR_EXCEPTION_DATES);
    const migrations = [exceptionDates, exceptionDatesRequired];
    await runDataMigrations(stage.test.ownerUrl, migrations);
    const superuser = new pg.Client({ connectionString: stage.test.superuserUrl });
    await superuser.connect();
    await superuser.query("DELETE FROM exceptions; SET session_replication_role = replica");
    const restored = superuser.query(EXCEPTIONS);
    await expect(restored).rejects.toMatchObject({ constraint: "exceptions_have_date" });
    await superuser.end();
  });
});
