import { randomUUID } from "node:crypto";
import { createDatabaseStage, type DatabaseStage } from "@docket/testing";
import {
  createDatabase,
  currentTenant,
  withTenant,
  type Database,
} from "../../src/database/index.ts";

const TENANT_TABLES = [
  "contexts",
  "counter_changes",
  "counters",
  "sources",
  "transactions",
  "match_groups",
  "match_group_items",
  "matched_items",
  "fee_variances",
  "exceptions",
  "exception_events",
  "export_jobs",
  "disputes",
  "evidence",
  "dispute_events",
  "dispute_reminders",
  "audit_events",
  "events",
  "event_heads",
  "webhook_endpoints",
  "webhook_deliveries",
  "idempotency_keys",
  "stored_objects",
];

const [alice, bob] = [randomUUID(), randomUUID()];
let stage: DatabaseStage;
let database: Database;
/** Has a single connection, so that every query sees what the previous one left behind. */
let single: Database;

const addContext = (on: Database, tenantId: string, name: string): Promise<{ id: string }> =>
  withTenant(tenantId, () =>
    on.prisma.context.create({ data: { tenantId, name }, select: { id: true } }),
  );

const visibleNames = async (on: Database): Promise<string[]> => {
  const { rows } = await on.pool.query<{ name: string }>("SELECT name FROM contexts ORDER BY name");
  return rows.map(({ name }) => name);
};

beforeAll(async () => {
  stage = await createDatabaseStage();
  ({ database } = stage);
  single = createDatabase({
    url: stage.test.appUrl,
    poolSize: 1,
    applicationName: "test",
    statementTimeoutMs: 10_000,
  });
  await addContext(database, alice, "of alice");
  await addContext(database, bob, "of bob");
});

afterAll(async () => {
  await single.close();
  await stage.close();
});

describe("row-level security", () => {
  it("is enabled on every table with a tenant", async () => {
    const { rows } = await database.pool.query<{ table: string; secured: boolean }>(
      `SELECT c.relname AS table, c.relrowsecurity AS secured
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
       WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`,
    );
    expect(rows.map(({ table }) => table).toSorted()).toEqual(TENANT_TABLES.toSorted());
    expect(rows.filter(({ secured }) => !secured)).toEqual([]);
  });

  it("limits a query without a WHERE clause to one tenant", async () => {
    await expect(withTenant(alice, () => visibleNames(database))).resolves.toEqual(["of alice"]);
    await expect(
      withTenant(bob, () => database.prisma.context.findMany({ select: { name: true } })),
    ).resolves.toEqual([{ name: "of bob" }]);
  });

  it.each(TENANT_TABLES)(
    "hides all rows of %s without a tenant, even after one was set",
    async (table) => {
      await withTenant(alice, () => single.pool.query(`SELECT FROM ${table}`));
      const { rows } = await single.pool.query(`SELECT FROM ${table}`);
      expect(rows).toEqual([]);
    },
  );

  it("refuses to write a row of another tenant", async () => {
    const write = withTenant(alice, () =>
      database.prisma.context.create({ data: { tenantId: bob, name: "not allowed" } }),
    );
    await expect(write).rejects.toThrow(/row-level security/);
  });

  it("refuses a foreign key to a row of another tenant", async () => {
    const { id } = await addContext(database, bob, "target");
    const write = withTenant(alice, () =>
      database.prisma.source.create({
        data: { tenantId: alice, contextId: id, name: "x", type: "BANK", side: "LEFT" },
      }),
    );
    await expect(write).rejects.toThrow(/foreign key/i);
  });

  it("refuses to change or delete history", async () => {
    for (const table of ["audit_events", "dispute_events", "exception_events"]) {
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
  it("follows the scope when two tenants alternate on one connection", async () => {
    const tenants = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? alice : bob));
    const seen = await Promise.all(
      tenants.map((tenant) =>
        withTenant(tenant, () => single.prisma.context.findFirst({ select: { tenantId: true } })),
      ),
    );
    expect(seen.map((row) => row?.tenantId)).toEqual(tenants);
  });

  it("is that of the caller, not that of the scope that released the connection", async () => {
    const held = await withTenant(alice, () => single.pool.connect());
    const waiting = withTenant(bob, () => visibleNames(single));
    const withoutTenant = visibleNames(single);
    await withTenant(alice, () => held.release());
    expect(await waiting).toContain("of bob");
    expect(await waiting).not.toContain("of alice");
    await expect(withoutTenant).resolves.toEqual([]);
  });

  it("is correct after an error, a rollback and a failed transaction", async () => {
    await expect(withTenant(alice, () => single.pool.query("SELECT 1/0"))).rejects.toThrow(
      /division/,
    );
    const failing = withTenant(alice, () =>
      single.transaction(async (tx) => {
        await tx.context.create({ data: { tenantId: alice, name: "rolled back" } });
        throw new Error("no");
      }),
    );
    await expect(failing).rejects.toThrow("no");
    await expect(withTenant(bob, () => visibleNames(single))).resolves.not.toContain("of alice");
    await expect(withTenant(alice, () => visibleNames(single))).resolves.toEqual(["of alice"]);
  });

  it("applies to every query of a transaction", async () => {
    const names = await withTenant(alice, () =>
      database.transaction(async (tx) => {
        await tx.$executeRaw`SELECT 1`;
        return tx.context.findMany({ select: { name: true } });
      }),
    );
    expect(names).toEqual([{ name: "of alice" }]);
  });

  it("is available to the code, and missing outside a scope", async () => {
    await expect(withTenant(alice, currentTenant)).resolves.toBe(alice);
    expect(currentTenant).toThrow("no tenant");
  });
});

describe("the upkeep functions", () => {
  it("return IDs across tenants, which are not visible otherwise", async () => {
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

describe("the role of a process", () => {
  const check = async (url: string): Promise<void> => {
    const checked = createDatabase({
      url,
      poolSize: 1,
      applicationName: "test",
      statementTimeoutMs: 10_000,
    });
    try {
      await checked.requireRestrictedRole();
    } finally {
      await checked.close();
    }
  };

  it("may be a login with the role docket_app", async () => {
    await expect(database.requireRestrictedRole()).resolves.toBeUndefined();
  });

  it("must not be the table owner or a superuser", async () => {
    await expect(check(stage.test.ownerUrl)).rejects.toThrow(/DATABASE_URL must be a login/);
    await expect(check(stage.test.superuserUrl)).rejects.toThrow(/DATABASE_URL must be a login/);
  });
});

describe("uuid_v7()", () => {
  it("returns version 7 UUIDs of the current time, ordered by millisecond", async () => {
    const { rows } = await stage.owner.query<{ id: string }>(
      "SELECT uuid_v7() AS id, pg_sleep(0.002) FROM generate_series(1, 20)",
    );
    const ids = rows.map(({ id }) => id);
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(ids).toEqual(ids.toSorted());
    const age = Date.now() - Number.parseInt(ids[0]!.replaceAll("-", "").slice(0, 12), 16);
    expect(Math.abs(age)).toBeLessThan(10_000);
  });
});
