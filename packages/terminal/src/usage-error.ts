/** The command line is invalid. The message explains why in one line. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
