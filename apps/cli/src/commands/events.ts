import type { ChainHead } from "@docket/domain";
import { UsageError } from "@docket/terminal";
import type { Command } from "commander";

import { VerificationError, type Cli } from "../cli.ts";
import { connect, withConnection, type ConnectionOptions } from "../connection.ts";
import { given, parseWords } from "../options.ts";
import { escapeControls, printJson } from "../print.ts";
import { verifyFeed } from "../verify-events/verify.ts";

type FollowOptions = ConnectionOptions & {
  readonly after?: number;
  readonly type?: readonly string[];
  readonly json?: true;
};

type VerifyOptions = ConnectionOptions & { readonly head?: ChainHead; readonly json?: true };

/** `docket events follow` and `docket verify-events` (docs/events.md). */
export function addEvents(program: Command, cli: Cli): void {
  const events = program.command("events").description("the feed of events");
  withConnection(events.command("follow"))
    .description("print events as they happen, until Ctrl-C")
    .option(
      "--after <seq>",
      "number of the last event that you have seen (default: the newest)",
      parseSeq,
    )
    .option("--type <types>", "only these types, such as dispute.*", parseWords)
    .addHelpText(
      "after",
      "\nExample:\n  docket events follow --type 'dispute.*,export-job.failed' --json",
    )
    .action((options: FollowOptions) => follow(options, cli));
  withConnection(program.command("verify-events"))
    .description("recompute the chain of events, and find what was changed")
    .option("--head <seq:hash>", "a head that was kept earlier", parseHead)
    .addHelpText("after", "\nExample:\n  docket verify-events --head 5210:6f0c…")
    .action((options: VerifyOptions) => verify(options, cli));
}

async function follow({ after, type, json, ...connection }: FollowOptions, cli: Cli) {
  const { signal } = cli;
  const docket = connect(connection, cli);
  for await (const event of docket.events.follow({ signal, ...given({ after, type }) })) {
    if (json) {
      printJson(cli, event);
      continue;
    }
    const { seq, at, type: name, subject, actor } = event;
    const line = [String(seq).padStart(6), at, name.padEnd(24), subject, actor].join("  ");
    cli.out.write(`${escapeControls(line)}\n`);
  }
}

async function verify({ head: kept, json, ...connection }: VerifyOptions, cli: Cli): Promise<void> {
  const result = await verifyFeed(connect(connection, cli), kept);
  if ("fault" in result) throw new VerificationError(`Event ${result.seq} ${result.fault}`);
  const { first, head } = result;
  if (json) return printJson(cli, result);
  cli.out.write(`Events ${first} to ${head.seq} are unchanged. Keep this head:\n`);
  cli.out.write(`${head.seq}:${head.hash}\n`);
}

function parseSeq(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new UsageError("--after must be the number of an event.");
  return Number(text);
}

function parseHead(text: string): ChainHead {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined) {
    throw new UsageError("--head must be SEQ:HASH, as this command prints it.");
  }
  return { seq: Number(seq), hash };
}
