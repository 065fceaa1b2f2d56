import { countWithin } from "../../src/database/index.ts";
import { createDatabaseStage, type DatabaseStage } from "@docket/testing";

let stage: DatabaseStage;
beforeAll(async () => {
  stage = await createDatabaseStage();
});
afterAll(() => stage.close());

describe("a bounded count", () => {
  const rowsSql = "SELECT 1 FROM generate_series(1, 1234)";

  it("is exact if there is time", async () => {
    const countSql = "SELECT count(*)::text AS count FROM generate_series(1, 1200)";
    expect(await countWithin(stage.database.pool, { countSql, rowsSql }, 10_000)).toEqual({
      rows: 1_200,
      exact: true,
    });
  });

  it("is the planner's estimate if there is not, and leaves the connections usable", async () => {
    const countSql = "SELECT count(*)::text AS count FROM pg_sleep(60)";
    for (let attempt = 0; attempt < 20; attempt += 1) {
      expect(await countWithin(stage.database.pool, { countSql, rowsSql }, 20)).toEqual({
        rows: 1_234,
        exact: false,
      });
    }
  });

  it("fails if the query does", async () => {
    const countSql = "SELECT no_such_column";
    await expect(
      countWithin(stage.database.pool, { countSql, rowsSql }, 10_000),
    ).rejects.toMatchObject({ code: "42703" });
  });
});
