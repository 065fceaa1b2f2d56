import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@docket/testing";
import pg from "pg";
import {
  createDatabase,
  currentTenant,
  withTenant,
  type Database,
} from "../../src/database/index.ts";

const TENANT_TABLES = [
  "contexts",
  "sources",
  "transactions",
  "match_groups",
  "match_group_items",
  "fee_variances",
  "exceptions",
  "export_jobs",
  "disputes",
  "evidence",
  "dispute_events",
  "audit_events",
  "idempotency_keys",
  "stored_objects",
];

const [alice, bob] = [randomUUID(), randomUUID()];
let test: TestDatabase;
let database: Database;
/** One connection only, so that every query below meets what the one before left behind. */
let narrow: Database;

const open = (poolSize: number): Database =>
  createDatabase({
    url: test.appUrl,
    poolSize,
    applicationName: "test",
    statementTimeoutMs: 10_000,
  });

const addContext = (on: Database, tenantId: string, name: string): Promise<{ id: string }> =>
  withTenant(tenantId, () =>
    on.prisma.context.create({ data: { tenantId, name }, select: { id: true } }),
  );

const namesSeen = async (on: Database): Promise<string[]> => {
  const { rows } = await on.pool.query<{ name: string }>("SELECT name FROM contexts ORDER BY name");
  return rows.map(({ name }) => name);
};

beforeAll(async () => {
  test = await createTestDatabase();
  database = open(8);
  narrow = open(1);
  await addContext(database, alice, "of alice");
  await addContext(database, bob, "of bob");
});

afterAll(async () => {
  await Promise.all([database.close(), narrow.close()]);
  await test.drop();
});

describe("row-level security", () => {
  it("is on for every table that has a tenant", async () => {
    const { rows } = await database.pool.query<{ table: string; secured: boolean }>(
      `SELECT c.relname AS table, c.relrowsecurity AS secured
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
       WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`,
    );
    expect(rows.map(({ table }) => table).toSorted()).toEqual(TENANT_TABLES.toSorted());
    expect(rows.filter(({ secured }) => !secured)).toEqual([]);
  });

  it("shows a query without any where one tenant only", async () => {
    await expect(withTenant(alice, () => namesSeen(database))).resolves.toEqual(["of alice"]);
    await expect(
      withTenant(bob, () => database.prisma.context.findMany({ select: { name: true } })),
    ).resolves.toEqual([{ name: "of bob" }]);
  });

  it.each(TENANT_TABLES)(
    "shows no row of %s when no tenant is set, also after one was",
    async (table) => {
      await withTenant(alice, () => narrow.pool.query(`SELECT FROM ${table}`));
      const { rows } = await narrow.pool.query(`SELECT FROM ${table}`);
      expect(rows).toEqual([]);
    },
  );

  it("refuses to write a row of another tenant", async () => {
    const write = withTenant(alice, () =>
      database.prisma.context.create({ data: { tenantId: bob, name: "smuggled" } }),
    );
    await expect(write).rejects.toThrow(/row-level security/);
  });

  it("does not let a row point into another tenant", async () => {
    const { id } = await addContext(database, bob, "target");
    const write = withTenant(alice, () =>
      database.prisma.source.create({
        data: { tenantId: alice, contextId: id, name: "x", type: "BANK", side: "LEFT" },
      }),
    );
    await expect(write).rejects.toThrow(/foreign key/i);
  });

  it("lets nobody change or remove history", async () => {
    for (const table of ["audit_events", "dispute_events"]) {
      await expect(database.pool.query(`UPDATE ${table} SET actor = 'x'`)).rejects.toThrow(
        /permission denied/,
      );
      await expect(database.pool.query(`DELETE FROM ${table}`)).rejects.toThrow(
        /permission denied/,
      );
    }
  });
});

describe("the tenant of a connection", () => {
  it("follows the scope when two tenants take turns on one connection", async () => {
    const turns = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? alice : bob));
    const seen = await Promise.all(
      turns.map((tenant) =>
        withTenant(tenant, () => narrow.prisma.context.findFirst({ select: { tenantId: true } })),
      ),
    );
    expect(seen.map((row) => row?.tenantId)).toEqual(turns);
  });

  it("is the asker's, not that of whoever gave the connection back", async () => {
    const held = await withTenant(alice, () => narrow.pool.connect());
    const waiting = withTenant(bob, () => namesSeen(narrow));
    const nobody = namesSeen(narrow);
    await withTenant(alice, () => held.release());
    expect(await waiting).toContain("of bob");
    expect(await waiting).not.toContain("of alice");
    await expect(nobody).resolves.toEqual([]);
  });

  it("survives an error, a rollback and a broken transaction", async () => {
    await expect(withTenant(alice, () => narrow.pool.query("SELECT 1/0"))).rejects.toThrow(
      /division/,
    );
    const failing = withTenant(alice, () =>
      narrow.transaction(async (within) => {
        await within.context.create({ data: { tenantId: alice, name: "rolled back" } });
        throw new Error("no");
      }),
    );
    await expect(failing).rejects.toThrow("no");
    await expect(withTenant(bob, () => namesSeen(narrow))).resolves.not.toContain("of alice");
    await expect(withTenant(alice, () => namesSeen(narrow))).resolves.toEqual(["of alice"]);
  });

  it("holds for every query of a transaction", async () => {
    const names = await withTenant(alice, () =>
      database.transaction(async (within) => {
        await within.$executeRaw`SELECT 1`;
        return within.context.findMany({ select: { name: true } });
      }),
    );
    expect(names).toEqual([{ name: "of alice" }]);
  });

  it("is known to the code, and absent outside of a scope", async () => {
    await expect(withTenant(alice, currentTenant)).resolves.toBe(alice);
    expect(currentTenant).toThrow("no tenant");
  });
});

describe("upkeep across tenants", () => {
  it("sees ids through its functions, and nothing without them", async () => {
    const { id: contextId } = await addContext(database, alice, "with a job");
    const day = new Date("2026-01-01");
    const { id } = await withTenant(alice, () =>
      database.prisma.exportJob.create({
        data: {
          tenantId: alice,
          contextId,
          reportType: "MATCHED",
          format: "CSV",
          dateFrom: day,
          dateTo: day,
          requestedBy: "alice",
        },
      }),
    );
    const { rows } = await database.pool.query("SELECT * FROM upkeep_unfinished_jobs(10)");
    expect(rows).toEqual([{ tenant_id: alice, id, status: "QUEUED", claim: 0, turn: 1 }]);
    await expect(database.pool.query("SET ROLE docket_upkeep")).rejects.toThrow(
      /permission denied/,
    );
  });
});

describe("a process's role", () => {
  const refuse = async (url: string): Promise<void> => {
    const unbound = createDatabase({
      url,
      poolSize: 1,
      applicationName: "test",
      statementTimeoutMs: 10_000,
    });
    try {
      await unbound.refuseUnboundRole();
    } finally {
      await unbound.close();
    }
  };

  it("may be a login that was granted docket_app", async () => {
    await expect(database.refuseUnboundRole()).resolves.toBeUndefined();
  });

  it("must not be the owner of the tables, or a superuser", async () => {
    await expect(refuse(test.ownerUrl)).rejects.toThrow(/DATABASE_URL must be a login/);
    await expect(refuse(test.superuserUrl)).rejects.toThrow(/DATABASE_URL must be a login/);
  });
});

describe("uuid_v7()", () => {
  it("makes ids of version 7 whose time is now, in the order of their milliseconds", async () => {
    const client = new pg.Client({ connectionString: test.ownerUrl });
    await client.connect();
    const { rows } = await client.query<{ id: string }>(
      "SELECT uuid_v7() AS id, pg_sleep(0.002) FROM generate_series(1, 20)",
    );
    await client.end();
    const ids = rows.map(({ id }) => id);
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(ids).toEqual(ids.toSorted());
    const age = Date.now() - Number.parseInt(ids[0]!.replaceAll("-", "").slice(0, 12), 16);
    expect(Math.abs(age)).toBeLessThan(10_000);
  });
});
