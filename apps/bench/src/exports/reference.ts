import { createDatabase, openSnapshot, withTenant } from "@docket/platform/database";

import { psqlVersion, timeWithPsql } from "../psql.ts";
import { TENANT } from "../tenant.ts";
import type { MeasuredCopy } from "./report-sql.ts";

/** Measures a COPY whose output is discarded. */
export type ReferenceExport = {
  readonly name: string;
  /** Resolves with the seconds that it took. */
  readonly measure: (copy: MeasuredCopy) => Promise<number>;
};

/** Uses psql when it is installed, otherwise the client that the worker uses. */
export async function openReferenceExport(
  url: string,
  signal: AbortSignal,
): Promise<ReferenceExport> {
  const version = await psqlVersion(signal);
  if (version === undefined) {
    return {
      name: "a bare client (psql is not installed)",
      measure: (copy) => timeWithClient(url, copy),
    };
  }
  return {
    name: `${version}, \\copy to /dev/null`,
    measure: (copy) => timeWithPsql(url, script(copy), signal),
  };
}

/**
 * The transaction and the settings of the worker's snapshot (packages/platform/src/database/snapshot.ts).
 * `COPY … TO STDOUT \g file` is the form of `\copy … to file` that allows several lines.
 */
const script = ({ copySql, plannerSql = "SELECT" }: MeasuredCopy): string => `
SELECT set_config('app.tenant', '${TENANT}', false) \\g /dev/null
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL timezone = 'UTC';
SET LOCAL datestyle = 'ISO, YMD';
SET LOCAL statement_timeout = 0;
SET LOCAL work_mem = '64MB';
SET LOCAL client_connection_check_interval = '1s';
${plannerSql} \\g /dev/null
\\timing on
${copySql} \\g /dev/null
`;

async function timeWithClient(
  url: string,
  { copySql, plannerSql = "SELECT" }: MeasuredCopy,
): Promise<number> {
  const database = createDatabase({
    url,
    poolSize: 3,
    applicationName: "docket-bench",
    statementTimeoutMs: 0,
  });
  try {
    return await withTenant(TENANT, async () => {
      const snapshot = await openSnapshot(database.pool);
      await snapshot.query(plannerSql);
      const start = performance.now();
      await snapshot.copy(copySql, () => undefined).rows;
      const seconds = (performance.now() - start) / 1_000;
      await snapshot.close();
      return seconds;
    });
  } finally {
    await database.close();
  }
}
