import { withTenant, type Database, type Transaction } from "@docket/platform/database";
import pg from "pg";
import type { TestApi } from "./api.ts";

/** A node of an EXPLAIN plan. */
export type Plan = {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Index Cond"?: string;
  readonly "Shared Hit Blocks": number;
  readonly "Shared Read Blocks": number;
  readonly Plans?: readonly Plan[];
};

/**
 * Runs `work` and explains every statement of it that reads `relation`. The statements are explained with the role of the apps,
 * because row-level security restricts index conditions to leakproof operators, which does not apply to the tables' owner.
 */
export async function plansOf(
  api: TestApi,
  tenantId: string,
  relation: string,
  work: (tx: Transaction, database: Database) => Promise<unknown>,
): Promise<readonly Plan[]> {
  const { database } = api.context;
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
    const plans: Plan[] = [];
    for (const { text, values = [] } of sent) {
      const explain = `EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ${text}`;
      const { rows } = await pool.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(explain, values);
      plans.push(...nodesOf(rows[0]!["QUERY PLAN"][0].Plan));
    }
    return plans;
  });
}

const nodesOf = (plan: Plan): readonly Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** The tables that are read by a sequential scan. */
export const readWhole = (plans: readonly Plan[]): readonly (string | undefined)[] =>
  plans.filter((node) => node["Node Type"] === "Seq Scan").map((node) => node["Relation Name"]);

export const sortsIn = (plans: readonly Plan[]): readonly Plan[] =>
  plans.filter((node) => /^(Incremental )?Sort$/.test(node["Node Type"]));

/** The first node that reads a table. */
export const scanOf = (plans: readonly Plan[], relation: string): Plan =>
  plans.find((node) => node["Relation Name"] === relation)!;

/** The blocks that the statement touched: a measure of its cost that does not depend on the load of the machine. */
export const blocksOf = (plans: readonly Plan[]): number =>
  Math.max(...plans.map((node) => node["Shared Hit Blocks"] + node["Shared Read Blocks"]));
