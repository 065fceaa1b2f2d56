import pg from "pg";

/**
 * Runs `work` on a connection of the login that owns the tables, in UTC.
 *
 * @param settings further settings of the session, such as `-c lock_timeout=60s`
 */
export async function withOwner<T>(
  ownerUrl: string,
  applicationName: string,
  work: (client: pg.Client) => Promise<T>,
  settings = "",
): Promise<T> {
  const client = new pg.Client({
    connectionString: ownerUrl,
    application_name: applicationName,
    options: `-c timezone=UTC ${settings}`,
  });
  // A connection that breaks also fails the query in progress, which reports it. Without a listener, it ends the process.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    // Also releases advisory locks of the session.
    await client.end();
  }
}
