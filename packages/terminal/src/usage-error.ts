/** The arguments of a command cannot be used. The message says why, in one line. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
