import { migrate } from "./migrate.ts";

// `npm run migrate`: brings the database at MIGRATE_DATABASE_URL up to date.
const url = process.env["MIGRATE_DATABASE_URL"];
if (url === undefined || url === "") {
  process.stderr.write("MIGRATE_DATABASE_URL must be set to the URL of the tables' owner\n");
  process.exit(1);
}
try {
  const output = await migrate(url, (name, rows, isPostponed) =>
    process.stdout.write(
      isPostponed
        ? `data migration ${name}: postponed, because running exports hold its tables; run this again later\n`
        : `data migration ${name}: ${rows} rows\n`,
    ),
  );
  process.stdout.write(output);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
