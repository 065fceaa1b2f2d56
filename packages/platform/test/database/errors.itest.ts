import { createFaultProxy, createTestDatabase, type TestDatabase } from "@docket/testing";
import pg from "pg";
import {
  createDatabase,
  isDatabaseOverloaded,
  isDatabaseUnavailable,
  type Database,
} from "../../src/database/index.ts";

let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  database = createDatabase({
    url: test.appUrl,
    poolSize: 2,
    applicationName: "test",
    statementTimeoutMs: 200,
  });
});

afterAll(async () => {
  await database?.close();
  await test?.drop();
});

const raise = (sqlState: string): string =>
  `DO $$ BEGIN RAISE EXCEPTION 'test' USING ERRCODE = '${sqlState}'; END $$`;

const throughPg = (sql: string): Promise<unknown> => database.pool.query(sql).catch((e) => e);
const throughPrisma = (sql: string): Promise<unknown> =>
  database.prisma.$executeRawUnsafe(sql).catch((e: unknown) => e);

describe.each([
  ["pg", throughPg],
  ["Prisma", throughPrisma],
])("an error of the server, through %s,", (_, failureOf) => {
  it.each([
    ["a statement timeout", "SELECT pg_sleep(5)"],
    ["a full disk", raise("53100")],
    ["a lack of memory", raise("53200")],
    ["a deadlock", raise("40P01")],
    ["a lock timeout", raise("55P03")],
  ])("means an overloaded database: %s", async (_name, sql) => {
    expect(isDatabaseOverloaded(await failureOf(sql))).toBe(true);
  });

  it.each([
    ["a violated constraint", raise("23514")],
    ["a syntax error", "SELEC"],
    ["a division by zero", "SELECT 1 / 0"],
  ])("is the statement's own fault: %s", async (_name, sql) => {
    const failure = await failureOf(sql);
    expect(failure).toBeInstanceOf(Error);
    expect(isDatabaseOverloaded(failure)).toBe(false);
    expect(isDatabaseUnavailable(failure)).toBe(false);
  });
});

it("recognizes a real deadlock", async () => {
  const open = async (firstLock: number): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: test.ownerUrl });
    await client.connect();
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock($1)", [firstLock]);
    return client;
  };
  const [first, second] = [await open(1), await open(2)];
  const lock = async (client: pg.Client, key: number): Promise<unknown> => {
    try {
      return await client.query("SELECT pg_advisory_xact_lock($1)", [key]);
    } catch (error) {
      // Lets the other one have its lock.
      await client.query("ROLLBACK");
      return error;
    }
  };
  const outcomes = await Promise.all([lock(first, 2), lock(second, 1)]);
  expect(outcomes.filter(isDatabaseOverloaded)).toHaveLength(1);
  await Promise.all([first.end(), second.end()]);
});

it("takes a connection that is reset during a statement for an unavailable database, through pg and Prisma", async () => {
  const proxy = await createFaultProxy(test.appUrl);
  const { pool, prisma, close } = createDatabase({
    url: proxy.through(test.appUrl),
    poolSize: 1,
    applicationName: "test",
    statementTimeoutMs: 0,
  });
  const runs: readonly ((sql: string) => Promise<unknown>)[] = [
    (sql) => pool.query(sql),
    async (sql) => prisma.$executeRawUnsafe(sql),
  ];
  for (const run of runs) {
    await run("SELECT 1");
    proxy.dropReplyTo("cut off");
    const failure = await run("SELECT 'cut off'").catch((e: unknown) => e);
    expect({ failure, isUnavailable: isDatabaseUnavailable(failure) }).toMatchObject({
      isUnavailable: true,
    });
    await proxy.pass();
  }
  await close();
  await proxy.close();
});
