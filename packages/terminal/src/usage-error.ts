/** The command line is invalid. The message explains why in one line. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The part of `process` that `argumentsOrExit` uses. */
type Process = Pick<NodeJS.Process, "argv" | "stderr" | "exit">;

/** Parses the command line, or prints the reason to stderr and exits with 2. For `main.ts` only. */
export function argumentsOrExit<T>(process: Process, parse: (args: readonly string[]) => T): T {
  try {
    return parse(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(2);
  }
}
