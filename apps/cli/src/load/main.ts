import { UsageError } from "@docket/terminal";

import { parseLoadCommand } from "./command.ts";
import { runLoad } from "./run.ts";

try {
  await runLoad(parseLoadCommand(process.argv.slice(2), process.env), process.stdout);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
