import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

import { UsageError } from "@docket/terminal";
import type { Command } from "commander";

import { VerificationError, type Cli } from "../cli.ts";
import { connect, withConnection, type ConnectionOptions } from "../connection.ts";
import { typedPath } from "../options.ts";
import { escapeControls, printJson } from "../print.ts";

type VerifyOptions = ConnectionOptions & { readonly json?: true };

const EXAMPLES = `
Examples:
  docket verify MATCHED_01980000_20260101-20260131.csv 01980000-0000-7000-8000-000000000001
  docket verify statement.pdf 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08`;

/** `docket verify`: compares a file with a SHA-256 or with the file of an export. */
export function addVerify(program: Command, cli: Cli): void {
  withConnection(program.command("verify <file> <sha256-or-job>"))
    .description("compare a file with a SHA-256, or with the one in an export job")
    .addHelpText("after", EXAMPLES)
    .action(async (file: string, reference: string, options: VerifyOptions) => {
      const path = typedPath(cli.environment, file);
      const actual = await digestOf(path);
      const isDigest = /^[0-9a-f]{64}$/i.test(reference);
      const expected = isDigest
        ? reference.toLowerCase()
        : (await connect(options, cli).exportJobs.get(reference)).sha256;
      if (expected === undefined) {
        throw new UsageError(`The export ${escapeControls(reference)} has no file yet.`);
      }
      if (actual !== expected) {
        throw new VerificationError(`${file} differs: its SHA-256 is ${actual}, not ${expected}.`);
      }
      if (options.json) printJson(cli, { path, sha256: actual });
      else cli.out.write(`${escapeControls(file)}: SHA-256 ok\n`);
    });
}

async function digestOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) throw new UsageError(`There is no file ${path}.`);
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
