import { createDatabase, openSnapshot, withTenant } from "@docket/platform/database";

import { psqlVersion, timeWithPsql } from "../psql.ts";
import { TENANT } from "../tenant.ts";

/** Measures a COPY whose output is discarded. */
export type ReferenceExport = {
  readonly name: string;
  /**
   * @param copySql a `COPY (…) TO STDOUT` without a semicolon.
   * @returns seconds
   */
  readonly measure: (copySql: string) => Promise<number>;
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
      measure: (copySql) => timeWithClient(url, copySql),
    };
  }
  return {
    name: `${version}, \\copy to /dev/null`,
    measure: (copySql) => timeWithPsql(url, script(copySql), signal),
  };
}

/**
 * The transaction and the settings of the worker's snapshot (packages/platform/src/database/snapshot.ts).
 * `COPY … TO STDOUT \g file` is the form of `\copy … to file` that allows several lines.
 */
const script = (copySql: string): string => `
SELECT set_config('app.tenant', '${TENANT}', false) \\g /dev/null
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL timezone = 'UTC';
SET LOCAL datestyle = 'ISO, YMD';
SET LOCAL statement_timeout = 0;
SET LOCAL work_mem = '64MB';
SET LOCAL client_connection_check_interval = '1s';
\\timing on
${copySql} \\g /dev/null
`;

async function timeWithClient(url: string, copySql: string): Promise<number> {
  const database = createDatabase({
    url,
    poolSize: 3,
    applicationName: "docket-bench",
    statementTimeoutMs: 0,
  });
  try {
    return await withTenant(TENANT, async () => {
      const snapshot = await openSnapshot(database.pool);
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
