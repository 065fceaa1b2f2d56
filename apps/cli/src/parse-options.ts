import { parseArgs, type ParseArgsConfig } from "node:util";

import { UsageError } from "@docket/terminal";

/** `parseArgs`, with a one-line {@link UsageError} for an invalid command line. */
export function parseOptions<T extends ParseArgsConfig>(
  config: T,
  usage: string,
): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    // Node appends a hint about `--` and, for some errors, further lines.
    const [reason] = (error as Error).message.split(/\.?\s+To specify|\n/);
    throw new UsageError(`${reason}. Usage: ${usage}`, { cause: error });
  }
}
