import type { Environment } from "@docket/stack";
import type { Output } from "@docket/terminal";

/** What a command works with. */
export type Cli = {
  readonly environment: Environment;
  /** Results. */
  readonly out: Output;
  /** Progress and errors. */
  readonly err: Output;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
};

/** How the program ends (docs/cli.md). */
export const EXIT_CODES = {
  ok: 0,
  /** The API refused, or the export failed. */
  failed: 1,
  /** Invalid command line or configuration. */
  usage: 2,
  /** A file differs from its checksum. */
  unverified: 3,
  /** No answer. */
  unreachable: 4,
  interrupted: 130,
} as const;

/** Something does not verify. */
export class VerificationError extends Error {
  override readonly name = "VerificationError";
}
