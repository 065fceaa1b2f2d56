import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, extname } from "node:path";

import type { Dispute, Docket } from "@docket/client";
import { UsageError } from "@docket/terminal";
import type { Command } from "commander";

import type { Cli } from "../cli.ts";
import { connect, withConnection, type ConnectionOptions } from "../connection.ts";
import { given, typedPath } from "../options.ts";
import { printChange } from "./print-change.ts";

type EvidenceOptions = ConnectionOptions & {
  readonly comment: string;
  readonly kind?: string;
  readonly json?: true;
};

/** The types that the API takes (docs/api.md §4). */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".csv": "text/csv",
};

const EXAMPLES = `
Examples:
  docket disputes evidence add 01980000-0000-7000-8000-000000000001 statement.pdf --comment "The statement" --kind bank_statement
  docket disputes evidence add 01980000-0000-7000-8000-000000000001 https://files.example/contract.pdf --comment "The contract"`;

/** `docket disputes evidence add`: a file, or an https URL. */
export function addEvidence(disputes: Command, cli: Cli): void {
  const evidence = disputes.command("evidence").description("evidence of a dispute");
  withConnection(evidence.command("add <dispute> <file-or-url>"))
    .description("upload a file as evidence, or add an https URL")
    .requiredOption("--comment <text>", "what it shows")
    .option(
      "--kind <name>",
      "bank_statement, ledger_extract, invoice, receipt, contract, … (default: other)",
    )
    .addHelpText("after", EXAMPLES)
    .action(async (disputeId: string, file: string, options: EvidenceOptions) => {
      const docket = connect(options, cli);
      const about = { comment: options.comment, ...given({ kind: options.kind }) };
      const dispute = /^https:\/\//i.test(file)
        ? await docket.evidence.add(disputeId, { ...about, fileUrl: file })
        : await uploadFile(docket, disputeId, typedPath(cli.environment, file), about);
      printChange(dispute, options, cli);
    });
}

async function uploadFile(
  docket: Docket,
  disputeId: string,
  path: string,
  about: { readonly comment: string; readonly kind?: string },
): Promise<Dispute> {
  const contentType = CONTENT_TYPES[extname(path).toLowerCase()];
  if (contentType === undefined) {
    throw new UsageError(`${path} must end in ${Object.keys(CONTENT_TYPES).join(", ")}.`);
  }
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) throw new UsageError(`There is no file ${path}.`);
  const fileName = basename(path);
  // A function, so that the file can be read again for another attempt.
  return docket.evidence.upload(disputeId, () => createReadStream(path), {
    ...about,
    contentType,
    fileName,
  });
}
