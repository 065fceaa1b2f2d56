import { withTenant, type Database, type Transaction } from "@docket/platform/database";
import { explain, type PlanNode } from "@docket/testing";
import pg from "pg";
import type { Stage } from "./stage.ts";

/** Runs `work` and explains every statement of it that reads `relation`, with the role of the apps. */
export async function plansOf(
  { context }: Stage,
  tenantId: string,
  relation: string,
  work: (tx: Transaction, database: Database) => Promise<unknown>,
): Promise<readonly PlanNode[]> {
  const { database } = context;
  const { pool, prisma } = database;
  const spy = jest.spyOn(pg.Client.prototype, "query");
  return withTenant(tenantId, async () => {
    await work(prisma, database);
    const reads = new RegExp(`^\\s*(SELECT|WITH)[^]*FROM[^]*\\b${relation}\\b`, "i");
    const sent = spy.mock.calls
      .map(([query]) => query as unknown as pg.QueryConfig)
      .filter(({ text }) => reads.test(text));
    spy.mockRestore();
    expect(sent).not.toEqual([]);
    const options = ["ANALYZE", "TIMING OFF"];
    const plans: PlanNode[] = [];
    for (const { text, values = [] } of sent) {
      plans.push(...(await explain(pool, text, { values, options })));
    }
    return plans;
  });
}
