import { migrate } from "./migrate.ts";

// `npm run migrate`: brings the database at MIGRATE_DATABASE_URL up to date.
const url = process.env["MIGRATE_DATABASE_URL"];
if (url === undefined || url === "") {
  process.stderr.write("MIGRATE_DATABASE_URL must be set to the URL of the tables' owner\n");
  process.exit(1);
}
try {
  const output = await migrate(url, (name, rows, postponed) =>
    process.stdout.write(
      postponed === undefined
        ? `data migration ${name}: ${rows} rows\n`
        : `data migration ${name}: postponed, because ${postponed}; run this again later\n`,
    ),
  );
  process.stdout.write(output);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
