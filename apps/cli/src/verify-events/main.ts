import { UsageError } from "@docket/terminal";
import { parseVerifyCommand } from "./command.ts";
import { verifyFeed } from "./verify.ts";

try {
  const { feed, kept } = parseVerifyCommand(process.argv.slice(2), process.env);
  const result = await verifyFeed(feed, kept);
  if ("fault" in result) {
    process.stderr.write(`Event ${result.seq} ${result.fault}\n`);
    process.exitCode = 1;
  } else {
    const { first, head } = result;
    process.stdout.write(`Events ${first} to ${head.seq} are unchanged. Keep this head:\n`);
    process.stdout.write(`${head.seq}:${head.hash}\n`);
  }
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
