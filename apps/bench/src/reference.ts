import { createDatabase, openSnapshot, withTenant } from "@docket/platform/database";

import { psqlVersion, timedByPsql } from "./psql.ts";

/** How long a COPY takes when its rows go nowhere. */
export type Reference = {
  readonly name: string;
  /** @param copySql a `COPY (…) TO STDOUT`, without the semicolon. */
  readonly seconds: (tenantId: string, copySql: string) => Promise<number>;
};

/** psql when it is installed, else the same COPY read by the bare client that the worker uses. */
export async function openReference(url: string, signal: AbortSignal): Promise<Reference> {
  const version = await psqlVersion(signal);
  return version === undefined
    ? {
        name: "a bare client (psql is not installed)",
        seconds: (tenantId, copySql) => viaClient(url, tenantId, copySql),
      }
    : {
        name: `${version}, \\copy to /dev/null`,
        seconds: (tenantId, copySql) => viaPsql(url, tenantId, copySql, signal),
      };
}

/**
 * The transaction and settings of the worker's snapshot (packages/platform/src/database/snapshot.ts).
 * `COPY … TO STDOUT \g file` is `\copy … to file` for a statement of several lines.
 */
const script = (tenantId: string, copySql: string): string => `
SELECT set_config('app.tenant', '${tenantId}', false) \\g /dev/null
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL timezone = 'UTC';
SET LOCAL datestyle = 'ISO, YMD';
SET LOCAL statement_timeout = 0;
SET LOCAL work_mem = '64MB';
SET LOCAL client_connection_check_interval = '1s';
\\timing on
${copySql} \\g /dev/null
`;

async function viaPsql(
  url: string,
  tenantId: string,
  copySql: string,
  signal: AbortSignal,
): Promise<number> {
  return timedByPsql(url, script(tenantId, copySql), signal);
}

async function viaClient(url: string, tenantId: string, copySql: string): Promise<number> {
  const database = createDatabase({
    url,
    poolSize: 3,
    applicationName: "docket-bench",
    statementTimeoutMs: 0,
  });
  try {
    return await withTenant(tenantId, async () => {
      const snapshot = await openSnapshot(database.pool);
      const began = performance.now();
      for await (const _chunk of snapshot.copy(copySql));
      const seconds = (performance.now() - began) / 1_000;
      await snapshot.close();
      return seconds;
    });
  } finally {
    await database.close();
  }
}
