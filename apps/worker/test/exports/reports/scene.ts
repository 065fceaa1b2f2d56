import type { Client } from "pg";

/** All rows of one context, by table. Amounts have at most 8 decimals; dates are ISO 8601 with milliseconds. */
export type Scene = {
  readonly tenantId: string;
  readonly contextId: string;
  readonly sources: readonly { id: string; name: string }[];
  readonly transactions: readonly TransactionRow[];
  readonly groups: readonly GroupRow[];
  readonly items: readonly { match_group_id: string; transaction_id: string; amount: string }[];
  readonly fees: readonly FeeRow[];
  readonly exceptions: readonly ExceptionRow[];
  readonly disputes: readonly DisputeRow[];
};

export type TransactionRow = {
  id: string;
  source_id: string;
  external_id: string;
  amount: string;
  currency: string;
  date: string;
  description: string | null;
  status: string;
};

export type GroupRow = {
  id: string;
  external_id: string;
  status: string;
  rule: string | null;
  confidence: string | null;
};

export type FeeRow = {
  external_id: string;
  source_id: string;
  transaction_id: string;
  fee_schedule_id: string;
  fee_schedule_name: string;
  currency: string;
  expected: string;
  actual: string;
};

export type ExceptionRow = {
  id: string;
  transaction_id: string;
  severity: string;
  status: string;
  reason: string | null;
  assigned_to: string | null;
  due_at: string | null;
  resolution_type: string | null;
  resolution_notes: string | null;
  created_at: string;
  updated_at: string;
};

export type DisputeRow = { id: string; exception_id: string; state: string; created_at: string };

/** A context without rows. */
export const emptyScene = (ids: { tenantId: string; contextId: string }): Scene => ({
  ...ids,
  sources: [],
  transactions: [],
  groups: [],
  items: [],
  fees: [],
  exceptions: [],
  disputes: [],
});

/** Writes a scene as the owner of the tables, to whom row-level security does not apply. */
export async function insertScene(owner: Client, scene: Scene): Promise<void> {
  const tenant_id = scene.tenantId;
  const inContext = { tenant_id, context_id: scene.contextId };
  await insert(owner, "contexts", [{ tenant_id, id: scene.contextId, name: scene.contextId }]);
  await insert(
    owner,
    "sources",
    scene.sources.map((row) => ({ ...inContext, type: "BANK", side: "LEFT", ...row })),
  );
  await insert(
    owner,
    "transactions",
    scene.transactions.map((row) => ({ ...inContext, ...row })),
  );
  await insert(
    owner,
    "match_groups",
    scene.groups.map((row) => ({ ...inContext, ...row })),
  );
  await insert(
    owner,
    "match_group_items",
    scene.items.map((row) => ({ tenant_id, ...row })),
  );
  await insert(
    owner,
    "fee_variances",
    scene.fees.map((row) => ({ ...inContext, ...row })),
  );
  await insert(
    owner,
    "exceptions",
    scene.exceptions.map((row) => ({ ...inContext, ...row })),
  );
  await insert(
    owner,
    "disputes",
    scene.disputes.map((row) => ({
      ...inContext,
      category: "OTHER",
      description: "The amount is wrong.",
      opened_by: "tester",
      ...(["WON", "LOST"].includes(row.state)
        ? { resolution: "Accepted.", closed_by: "tester", closed_at: row.created_at }
        : {}),
      ...row,
    })),
  );
}

async function insert(owner: Client, table: string, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].join(", ");
  await owner.query(
    `INSERT INTO ${table} (${columns})
     SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1::json)`,
    [JSON.stringify(rows)],
  );
}
