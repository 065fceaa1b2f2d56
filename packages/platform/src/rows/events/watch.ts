import type pg from "pg";

/** The newest number of each of `tenants` that has events. One cheap statement, whatever the tenants. */
export async function readHeadsOf(
  pool: pg.Pool,
  tenants: readonly string[],
): Promise<readonly { readonly tenantId: string; readonly seq: number }[]> {
  const { rows } = await pool.query<{ tenantId: string; seq: number }>({
    name: "event-heads-of",
    text: `SELECT tenant_id AS "tenantId", seq::float8 AS seq FROM event_heads_of($1::uuid[])`,
    values: [tenants],
  });
  return rows;
}

export type RunningExport = {
  readonly tenantId: string;
  readonly id: string;
  readonly recordsWritten: number;
  readonly recordsExpected: number | null;
  readonly bytesWritten: number;
};

/** The progress of the running exports of `tenants`. */
export async function readRunningExportsOf(
  pool: pg.Pool,
  tenants: readonly string[],
): Promise<readonly RunningExport[]> {
  const { rows } = await pool.query<RunningExport>({
    name: "running-exports-of",
    text: `SELECT tenant_id AS "tenantId", id, records_written::float8 AS "recordsWritten",
             records_expected::float8 AS "recordsExpected", bytes_written::float8 AS "bytesWritten"
           FROM running_exports_of($1::uuid[])`,
    values: [tenants],
  });
  return rows;
}
