import { randomUUID } from "node:crypto";
import {
  addContext,
  COUNTERS_DIFFERENCE,
  createDatabaseStage,
  type DatabaseStage,
} from "@docket/testing";
import { runRecount } from "../src/recount/command.ts";

let stage: DatabaseStage;
beforeAll(async () => {
  stage = await createDatabaseStage();
});
afterAll(() => stage.close());

const run = (...args: string[]) => runRecount(args, stage.test.ownerUrl);

describe("npm run recount", () => {
  it("repairs the counters of a context and says which were wrong", async () => {
    const { contextId } = await addContext(stage.database, { transactions: 3 });
    const right = `context ${contextId}: all counters are right`;
    expect(await run("--context", contextId)).toEqual({ exitCode: 0, text: right });
    const { rows } = await stage.owner.query(
      "UPDATE counter_changes SET count = 7, amount = 1.5 WHERE context_id = $1 RETURNING source_id",
      [contextId],
    );
    const { exitCode, text } = await run("--context", contextId);
    expect(exitCode).toBe(0);
    expect(text.split("\n")).toEqual([
      `transactions 2026-03-01T00:00:00Z EUR UNMATCHED of source ${rows[0].source_id}: 7 (amount 1.5) corrected to 3 (amount 6)`,
      `context ${contextId}: 1 counters corrected`,
    ]);
    expect((await stage.owner.query(COUNTERS_DIFFERENCE)).rows).toEqual([]);
    expect(await run("--context", contextId)).toEqual({ exitCode: 0, text: right });
  });

  it.each([
    [["--context", randomUUID()], 1] as const,
    [["--context", "x"], 2] as const,
    [[], 2] as const,
    [["--all"], 2] as const,
  ])("exits for %j with %i", async (args, exitCode) => {
    expect(await run(...args)).toMatchObject({ exitCode });
  });
});
