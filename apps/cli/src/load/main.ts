import { readLoadCommand } from "./command.ts";
import { runLoad } from "./run.ts";
import { UsageError } from "@docket/terminal";

try {
  await runLoad(readLoadCommand(process.argv.slice(2), process.env), process.stdout);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
