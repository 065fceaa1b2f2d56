import pg from "pg";

/** An arbitrary advisory lock key: serializes processes that create the same login at the same time. */
const LOCK_KEY = 7_305_118;

/**
 * Creates a login with the privileges of the API and the worker: the role `docket_app`, which the migrations create. If the login
 * exists, sets its password.
 *
 * @param ownerUrl the login that ran the migrations.
 */
export async function createLogin(ownerUrl: string, name: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const login = client.escapeIdentifier(name);
    const secret = client.escapeLiteral(password);
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock($1)", [LOCK_KEY]);
    const { rowCount } = await client.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [name]);
    const verb = rowCount === 0 ? "CREATE" : "ALTER";
    await client.query(`${verb} ROLE ${login} LOGIN PASSWORD ${secret}`);
    await client.query(`GRANT docket_app TO ${login}`);
    await client.query("COMMIT");
  } finally {
    await client.end();
  }
}
