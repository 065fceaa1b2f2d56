import { isDocketError } from "@docket/client";
import { UsageError } from "@docket/terminal";
import { Command, CommanderError } from "commander";

import { EXIT_CODES, VerificationError, type Cli } from "./cli.ts";
import { addDisputes } from "./commands/disputes.ts";
import { addEvents } from "./commands/events.ts";
import { addExport } from "./commands/export.ts";
import { addExports } from "./commands/exports.ts";
import { addLoad } from "./commands/load.ts";
import { addToken } from "./commands/token.ts";
import { addVerify } from "./commands/verify.ts";
import { describeError } from "./describe-error.ts";

const HELP = `
The API is the one in --url and --token, then in DOCKET_URL and DOCKET_TOKEN, then the local stack in DOCKET_HOME (.docket).

Exit codes: 0 success; 1 refused or failed; 2 invalid command line or configuration; 3 a file or the chain of events does not verify;
4 no answer; 130 interrupted.

docket <command> --help shows the options and examples of a command.`;

/** Runs one command line. @returns the exit code */
export async function runCli(args: readonly string[], cli: Cli): Promise<number> {
  const program = createProgram(cli);
  try {
    await program.parseAsync([...args], { from: "user" });
    return EXIT_CODES.ok;
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has printed the reason, or the help.
      return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
    }
    if (cli.signal.aborted) {
      cli.err.write("Interrupted.\n");
      return EXIT_CODES.interrupted;
    }
    cli.err.write(`${describeError(error)}\n`);
    return exitCodeOf(error);
  }
}

function createProgram(cli: Cli): Command {
  const program = new Command("docket")
    .description("Order, download and verify exports, ingest records and work on disputes.")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void cli.out.write(text),
      writeErr: (text) => void cli.err.write(text),
    })
    .showHelpAfterError("(docket <command> --help shows its options)")
    .addHelpText("after", HELP);
  // Subcommands inherit these settings when they are created.
  for (const add of [addExport, addExports, addLoad, addToken, addVerify, addDisputes, addEvents]) {
    add(program, cli);
  }
  return program;
}

function exitCodeOf(error: unknown): number {
  const isOf = (...codes: readonly string[]): boolean =>
    codes.some((code) => isDocketError(error, code));
  if (error instanceof UsageError) return EXIT_CODES.usage;
  if (error instanceof VerificationError) return EXIT_CODES.unverified;
  if (isOf("download_corrupt", "upload_corrupt")) return EXIT_CODES.unverified;
  if (isOf("network_error", "timeout")) return EXIT_CODES.unreachable;
  return EXIT_CODES.failed;
}
