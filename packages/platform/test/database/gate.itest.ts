import { randomUUID } from "node:crypto";
import {
  createDatabase,
  isConnectionRefused,
  withTenant,
  type Database,
} from "@docket/platform/database";
import {
  createFaultProxy,
  createTestDatabase,
  type FaultProxy,
  type TestDatabase,
} from "@docket/testing";

describe("the gate of a pool", () => {
  const tenant = randomUUID();
  let test: TestDatabase;
  let proxy: FaultProxy;
  let database: Database;
  let entered = 0;
  let inside = 0;
  let isOpen = true;

  beforeEach(async () => {
    [entered, inside, isOpen] = [0, 0, true];
    test = await createTestDatabase();
    proxy = await createFaultProxy(test.appUrl);
    database = createDatabase({
      url: proxy.through(test.appUrl),
      poolSize: 2,
      applicationName: "gate-test",
      statementTimeoutMs: 1_000,
      transactionStatementTimeoutMs: 2_000,
      gate: async (tenantId) => {
        if (!isOpen || tenantId !== tenant) throw new Error("closed");
        entered += 1;
        inside += 1;
        return () => (inside -= 1);
      },
    });
  });
  afterEach(async () => {
    await proxy.close();
    await database.close();
    await test.drop();
  });

  const inTenant = <T>(work: () => Promise<T>): Promise<T> => withTenant(tenant, work);

  it("is passed for each connection of a tenant, and left when the connection is released", async () => {
    await inTenant(async () => {
      const client = await database.pool.connect();
      expect(inside).toBe(1);
      await database.prisma.context.count();
      client.release();
    });
    await inTenant(() => database.transaction((tx) => tx.context.count()));
    expect([entered, inside]).toEqual([3, 0]);
  });

  it("is not passed outside a tenant", async () => {
    isOpen = false;
    await database.ping();
    expect(entered).toBe(0);
  });

  it("is left when a statement, a transaction or the connection fails", async () => {
    const failing: readonly (() => Promise<unknown>)[] = [
      () => database.pool.query("SELECT nonsense"),
      () => database.transaction(() => Promise.reject(new Error("no"))),
      async () => {
        await proxy.refuse();
        await database.prisma.context.count();
      },
    ];
    for (const work of failing) await expect(inTenant<unknown>(work)).rejects.toThrow();
    expect(inside).toBe(0);
    expect(entered).toBeGreaterThanOrEqual(3);
  });

  it("that is closed refuses statements and transactions with an error that can be told apart", async () => {
    isOpen = false;
    for (const work of [
      () => database.pool.query("SELECT 1"),
      () => database.prisma.context.count(),
      () => database.transaction((tx) => tx.context.count()),
    ]) {
      const error: unknown = await inTenant(work as () => Promise<unknown>).catch(
        (fault: unknown) => fault,
      );
      expect(isConnectionRefused(error)).toBe(true);
    }
  });

  it("leaves reads and transactions their own statement timeouts", async () => {
    const show = "SELECT current_setting('statement_timeout') AS value";
    type Row = { readonly value: string };
    const [outside, within] = await inTenant(async () => [
      await database.prisma.$queryRawUnsafe<Row[]>(show),
      await database.transaction((tx) => tx.$queryRawUnsafe<Row[]>(show)),
    ]);
    expect([outside, within]).toEqual([[{ value: "1s" }], [{ value: "2s" }]]);
  });
});
