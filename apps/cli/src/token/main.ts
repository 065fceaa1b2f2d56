import { UsageError } from "@docket/terminal";
import { tokenFor } from "./command.ts";

try {
  process.stdout.write(`${tokenFor(process.argv.slice(2), process.env)}\n`);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
