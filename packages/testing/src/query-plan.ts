/** A node of a query plan, as EXPLAIN (FORMAT JSON) returns it. */
export type PlanNode = {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Index Cond"?: string;
  readonly "Plan Rows": number;
  /** With the option ANALYZE. The first two are means over the loops. */
  readonly "Actual Rows"?: number;
  readonly "Rows Removed by Filter"?: number;
  readonly "Actual Loops"?: number;
  readonly Plans?: readonly PlanNode[];
};

type Queryable = {
  readonly query: (text: string, values?: unknown[]) => Promise<{ readonly rows: unknown[] }>;
};

/**
 * Explains a statement and returns the nodes of its plan, the root first.
 *
 * Connect with the role of the apps: row-level security allows index conditions with leakproof operators only, and the owner's
 * plans would not show that.
 * @param options of EXPLAIN, in addition to FORMAT JSON.
 */
export async function explain(
  connection: Queryable,
  sql: string,
  { values = [], options = [] }: { values?: unknown[]; options?: readonly string[] } = {},
): Promise<readonly PlanNode[]> {
  const text = `EXPLAIN (${[...options, "FORMAT JSON"].join(", ")}) ${sql}`;
  const { rows } = await connection.query(text, values);
  const [{ "QUERY PLAN": plan }] = rows as [{ "QUERY PLAN": [{ Plan: PlanNode }] }];
  return nodesOf(plan[0].Plan);
}

const nodesOf = (node: PlanNode): readonly PlanNode[] => [
  node,
  ...(node.Plans ?? []).flatMap(nodesOf),
];

/** The tables that are read by a sequential scan. */
export const sequentialScans = (nodes: readonly PlanNode[]): readonly (string | undefined)[] =>
  nodes.filter((node) => node["Node Type"] === "Seq Scan").map((node) => node["Relation Name"]);

/** The nodes that sort. */
export const sortsIn = (nodes: readonly PlanNode[]): readonly PlanNode[] =>
  nodes.filter((node) => /^(Incremental )?Sort$/.test(node["Node Type"]));

/** The first node that reads a table. */
export const scanOf = (nodes: readonly PlanNode[], relation: string): PlanNode =>
  nodes.find((node) => node["Relation Name"] === relation)!;

/**
 * The most rows that one node read, with those that its filter removed: a cost that depends neither on the load of the machine
 * nor on what autovacuum has done. Needs the option ANALYZE.
 */
export const rowsReadBy = (nodes: readonly PlanNode[]): number => Math.max(...nodes.map(rowsRead));

const rowsRead = (node: PlanNode): number =>
  ((node["Actual Rows"] ?? 0) + (node["Rows Removed by Filter"] ?? 0)) *
  (node["Actual Loops"] ?? 1);
