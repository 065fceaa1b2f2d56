import pg from "pg";

/** Any number of ours: two processes that make the same login at once take turns. */
const LOCK = 7_305_118;

/**
 * Makes a login that may do what the API and the worker do (role `docket_app`, which the migrations
 * make) and no more; an existing login gets the password. `ownerUrl` is who ran the migrations.
 */
export async function createLogin(ownerUrl: string, name: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const login = client.escapeIdentifier(name);
    const secret = client.escapeLiteral(password);
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
    const { rowCount } = await client.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [name]);
    const verb = rowCount === 0 ? "CREATE" : "ALTER";
    await client.query(`${verb} ROLE ${login} LOGIN PASSWORD ${secret}`);
    await client.query(`GRANT docket_app TO ${login}`);
    await client.query("COMMIT");
  } finally {
    await client.end();
  }
}
