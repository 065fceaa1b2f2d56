import { runRecount } from "./command.ts";

// `npm run recount -- --context ID`
try {
  const url = process.env["MIGRATE_DATABASE_URL"];
  const { exitCode, text } = await runRecount(process.argv.slice(2), url);
  (exitCode === 0 ? process.stdout : process.stderr).write(`${text}\n`);
  process.exitCode = exitCode;
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
