import type pg from "pg";
import { withOwner } from "./owner.ts";
import { inRetriedTransaction } from "./transaction.ts";

/** Where a data migration continues: the key of the last row that it has migrated. */
export type Cursor = Readonly<Record<string, string>>;

/**
 * What a batch has done. Without `next`, the data migration is complete. `postponed` is why it has done nothing: the next run of
 * `npm run migrate` will try again.
 */
export type Batch =
  | { readonly rows: number; readonly next?: Cursor }
  | { readonly postponed: string };

/**
 * A change of existing rows that is too large for one transaction. The schema migration before it only adds columns,
 * so that the previous release keeps working while the data migration runs.
 */
export type DataMigration = {
  /** Unique and never reused: the key in `data_migrations`. */
  readonly name: string;
  /** Migrates the rows after `after`, or the first ones. Runs in a transaction of its own. */
  readonly migrateBatch: (tx: pg.ClientBase, after: Cursor | undefined) => Promise<Batch>;
};

/** Called after each batch has committed, with the rows that were migrated so far. */
export type Progress = (name: string, rows: number, postponed?: string) => void;

const LOCK = 7_305_119;

/**
 * Runs the data migrations that are not finished yet, in order.
 *
 * Safe to interrupt at any point and to run twice at once: a batch and its cursor commit together, and the session's
 * advisory lock lets one runner work at a time.
 */
export async function runDataMigrations(
  ownerUrl: string,
  migrations: readonly DataMigration[],
  onProgress: Progress = () => undefined,
): Promise<void> {
  await withOwner(ownerUrl, "docket-migrate", async (client) => {
    await client.query("SELECT pg_advisory_lock($1)", [LOCK]);
    for (const migration of migrations) await runToEnd(client, migration, onProgress);
  });
}

/** The names of the data migrations that have not finished in this database. */
export async function pendingDataMigrations(
  client: pg.ClientBase,
  migrations: readonly DataMigration[],
): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT name FROM data_migrations WHERE finished_at IS NOT NULL",
  );
  const finished = new Set(rows.map(({ name }) => name));
  return migrations.map(({ name }) => name).filter((name) => !finished.has(name));
}

type Row = {
  readonly cursor: Cursor | null;
  readonly migrated: string;
  readonly finished_at: Date | null;
};

async function runToEnd(
  client: pg.Client,
  { name, migrateBatch }: DataMigration,
  onProgress: Progress,
): Promise<void> {
  await client.query("INSERT INTO data_migrations (name) VALUES ($1) ON CONFLICT DO NOTHING", [
    name,
  ]);
  for (;;) {
    const { rows } = await client.query<Row>(
      "SELECT cursor, rows AS migrated, finished_at FROM data_migrations WHERE name = $1",
      [name],
    );
    const { cursor, migrated, finished_at: finishedAt } = rows[0]!;
    if (finishedAt !== null) return;
    const batch = await inRetriedTransaction(client, async () => {
      const done = await migrateBatch(client, cursor ?? undefined);
      if (!("postponed" in done)) await client.query(SAVE, [name, done.next ?? null, done.rows]);
      return done;
    });
    if ("postponed" in batch) {
      onProgress(name, Number(migrated), batch.postponed);
      return;
    }
    onProgress(name, Number(migrated) + batch.rows);
  }
}

const SAVE = `
  UPDATE data_migrations
  SET cursor = $2::jsonb, rows = rows + $3, finished_at = CASE WHEN $2::jsonb IS NULL THEN now() END
  WHERE name = $1`;
