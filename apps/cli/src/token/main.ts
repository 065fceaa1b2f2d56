import { UsageError } from "@docket/terminal";

import { runTokenCommand } from "./command.ts";

try {
  process.stdout.write(`${runTokenCommand(process.argv.slice(2), process.env)}\n`);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
