import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@docket/testing";
import { reportQuery } from "@docket/reports";
import { Client, escapeLiteral } from "pg";
import { exportSession } from "./exporter.ts";

const tenantId = randomUUID();
/** About four rows fit on a page. */
const ROWS = 20_000;

let database: TestDatabase;
let superuser: Client;
let session: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  superuser = new Client({ connectionString: database.superuserUrl });
  await superuser.connect();
  await superuser.query("SET session_replication_role = replica");
  session = await exportSession(database.appUrl, tenantId);
});

afterAll(async () => {
  await session?.end();
  await superuser?.end();
  await database?.drop();
});

/** Fills a context whose transactions lie in the table in the order of `orderBy`, n being their place in the report. */
async function aContext(orderBy: string): Promise<string> {
  const contextId = randomUUID();
  await superuser.query(
    `INSERT INTO transactions (tenant_id, context_id, source_id, external_id, amount, currency, date, status, description)
     SELECT $1, $2, gen_random_uuid(), 'T-' || n, n, 'EUR', timestamptz '2026-01-01Z' + n * interval '1 second', 'MATCHED',
       repeat('x', 1700)
     FROM generate_series(1, $3::int) AS n ORDER BY ${orderBy}`,
    [tenantId, contextId, ROWS],
  );
  return contextId;
}

async function isScattered(contextId: string): Promise<boolean> {
  const spec = { reportType: "MATCHED", dateFrom: "2026-01-01", dateTo: "2026-01-31" } as const;
  const { scatteredSql } = reportQuery({ ...spec, contextId }, escapeLiteral);
  const { rows } = await session.query<{ scattered: boolean }>(scatteredSql!);
  return rows[0]!.scattered;
}

describe("the rows of MATCHED", () => {
  it.each([
    ["in the order of the report", "n"],
    ["in the opposite order", "n DESC"],
    ["one source after the other", "n % 2, n"],
    ["in a random order within days", "n / 1000, hashint4(n)"],
  ])("are not scattered when the table holds them %s", async (_, orderBy) => {
    expect(await isScattered(await aContext(orderBy))).toBe(false);
  });

  it.each([
    ["all", "hashint4(n)"],
    ["only the last ones", `CASE WHEN n > ${ROWS} * 0.1 THEN hashint4(n) END NULLS FIRST, n`],
  ])("are scattered when %s are in a random order", async (_, orderBy) => {
    expect(await isScattered(await aContext(orderBy))).toBe(true);
  });

  it("are not scattered when there are none", async () => {
    expect(await isScattered(randomUUID())).toBe(false);
  });
});
