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

describe("a connection to the database", () => {
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

  it("that breaks while somebody holds it and asks nothing ends no process", async () => {
    const client = await database.pool.connect();
    const ended = new Promise((resolve) => client.once("end", resolve));
    await proxy.refuse();
    await ended;
    client.release();
    await proxy.pass();
    await expect(database.ping()).resolves.toBeUndefined();
  });

  it("that goes silent is given up, and is not the next one's", async () => {
    const name = (): Promise<unknown> =>
      withTenant(tenant, () =>
        database.transaction(async (within) => {
          await within.context.create({ data: { tenantId: tenant, name: "half" } });
          proxy.hang();
          await within.context.findMany();
        }),
      );
    const error = await name().catch((fault: unknown) => fault);
    expect(isDatabaseUnavailable(error)).toBe(true);
    await proxy.pass();
    await waitFor(() => database.ping().then(() => true));
    await expect(withTenant(tenant, () => database.prisma.context.count())).resolves.toBe(0);
  });

  it("is not handed on in the middle of a transaction", async () => {
    const client = await database.pool.connect();
    await client.query("BEGIN");
    client.release();
    const { rows } = await database.pool.query<{ alone: boolean }>(
      "SELECT now() = statement_timestamp() AS alone",
    );
    expect(rows).toEqual([{ alone: true }]);
  });
});
