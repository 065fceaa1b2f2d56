import { runErase } from "./command.ts";

// `npm run erase -- --tenant ID [--subject PATH] [--yes]`
try {
  const url = process.env["MIGRATE_DATABASE_URL"];
  const { exitCode, text } = await runErase(process.argv.slice(2), url);
  (exitCode === 0 ? process.stdout : process.stderr).write(`${text}\n`);
  process.exitCode = exitCode;
} catch (error) {
  process.stderr.write(`${(error as Error).message}\nRun the command again to continue.\n`);
  process.exitCode = 1;
}
