import { randomUUID } from "node:crypto";
import {
  createDatabase,
  isDatabaseUnavailable,
  withTenant,
  type Database,
} from "@docket/platform/database";
import {
  createFaultProxy,
  createTestDatabase,
  waitFor,
  type FaultProxy,
  type TestDatabase,
} from "@docket/testing";
import pg from "pg";

async function backendPid(on: Pick<pg.Pool, "query">): Promise<number> {
  const { rows } = await on.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  return rows[0]!.pid;
}

describe("a pooled connection", () => {
  const tenant = randomUUID();
  let test: TestDatabase;
  let proxy: FaultProxy;
  let database: Database;

  beforeEach(async () => {
    test = await createTestDatabase();
    proxy = await createFaultProxy(test.appUrl);
    database = createDatabase({
      url: proxy.through(test.appUrl),
      poolSize: 1,
      applicationName: "connections-test",
      statementTimeoutMs: 300,
    });
  });
  afterEach(async () => {
    await proxy.close();
    await database.close();
    await test.drop();
  });

  it("does not end the process when it breaks while checked out and idle", async () => {
    const client = await database.pool.connect();
    const ended = new Promise((resolve) => client.once("end", resolve));
    await proxy.refuse();
    await ended;
    client.release();
    await proxy.pass();
    await expect(database.ping()).resolves.toBeUndefined();
  });

  it("is discarded when the server stops responding, and its transaction is rolled back", async () => {
    const insertAndHang = (): Promise<unknown> =>
      withTenant(tenant, () =>
        database.transaction(async (tx) => {
          await tx.context.create({ data: { tenantId: tenant, name: "half done" } });
          proxy.hang();
          await tx.context.findMany();
        }),
      );
    const error = await insertAndHang().catch((fault: unknown) => fault);
    expect(isDatabaseUnavailable(error)).toBe(true);
    await proxy.pass();
    await waitFor(() => database.ping().then(() => true));
    await expect(withTenant(tenant, () => database.prisma.context.count())).resolves.toBe(0);
  });

  it("is discarded when it is released inside a transaction", async () => {
    const client = await database.pool.connect();
    await client.query("BEGIN");
    client.release();
    const { rows } = await database.pool.query<{ alone: boolean }>(
      "SELECT now() = statement_timestamp() AS alone",
    );
    expect(rows).toEqual([{ alone: true }]);
  });

  it("is discarded when it is released while a query is running", async () => {
    const client = await database.pool.connect();
    const before = await backendPid(client);
    const unfinished = client.query("BEGIN; SELECT pg_sleep(0.2)");
    client.release();
    await expect(unfinished).rejects.toThrow("Connection terminated");
    expect(await backendPid(database.pool)).not.toBe(before);
  });

  it("is reused, at one round trip per query while the tenant stays the same", async () => {
    await withTenant(tenant, async () => {
      const before = await backendPid(database.pool);
      const query = jest.spyOn(pg.Client.prototype, "query");
      try {
        await database.pool.query("SELECT 1");
        await database.prisma.context.count();
        expect(query).toHaveBeenCalledTimes(2);
        await database.transaction((tx) => tx.context.count());
        expect(query).toHaveBeenCalledTimes(5);
      } finally {
        query.mockRestore();
      }
      expect(await backendPid(database.pool)).toBe(before);
    });
  });
});
