import { createFaultProxy, createTestDatabase } from "@docket/testing";
import { createDatabase, plainTransaction } from "../../src/database/index.ts";

describe("a transaction whose connection is dead", () => {
  it("rejects with its own error in spite of a ROLLBACK that nothing answers", async () => {
    const test = await createTestDatabase();
    const proxy = await createFaultProxy(test.appUrl);
    const database = createDatabase({
      url: proxy.through(test.appUrl),
      poolSize: 1,
      applicationName: "rollback-test",
      // No limit on results, so that only the ROLLBACK's own limit ends the wait.
      statementTimeoutMs: 0,
    });
    const failing = plainTransaction(database.pool, "SELECT 1", async () => {
      proxy.hang();
      throw new Error("the fault to report");
    });
    await expect(failing).rejects.toThrow("the fault to report");
    await proxy.pass();
    // The connection was discarded: another one is opened.
    expect((await database.pool.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    await proxy.close();
    await database.close();
    await test.drop();
  });
});
