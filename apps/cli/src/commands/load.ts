import { basename } from "node:path";

import { RECORD_KINDS, type RecordKind } from "@docket/domain";
import { Option, type Command } from "commander";

import type { Cli } from "../cli.ts";
import { connect, findContextId, withConnection, type ConnectionOptions } from "../connection.ts";
import { findLoadFile, readLoadFile } from "../load/load-file.ts";
import { createLoadProgress } from "../load/progress.ts";
import { typedPath } from "../options.ts";
import { printJson } from "../print.ts";

type LoadOptions = ConnectionOptions & {
  readonly context: string;
  readonly kind: RecordKind;
  readonly json?: true;
};

const EXAMPLES = `
The name of the file determines its format: .csv, .ndjson or .jsonl, each also with .gz.

Examples:
  docket load --context "Bank against ledger" --kind transactions bank.csv
  docket load --context Bank --kind match-groups groups.ndjson.gz`;

/** `docket load` (docs/ingest.md). */
export function addLoad(program: Command, cli: Cli): void {
  withConnection(program.command("load <file>"))
    .description("ingest a CSV or NDJSON file")
    .requiredOption("--context <name>", "name or ID of the context")
    .addOption(
      new Option("--kind <kind>", "kind of the records")
        .choices(RECORD_KINDS)
        .makeOptionMandatory(),
    )
    .addHelpText("after", EXAMPLES)
    .action((file: string, options: LoadOptions) => loadFile(file, options, cli));
}

/** Loads a file into a context and prints the counts of its records. */
async function loadFile(path: string, options: LoadOptions, cli: Cli): Promise<void> {
  const { kind, json } = options;
  const file = findLoadFile(typedPath(cli.environment, path));
  const docket = connect(options, cli);
  const contextId = await findContextId(docket, options.context);
  const progress = json ? undefined : createLoadProgress(basename(file.path), file.bytes, cli.err);
  const { contentType, gzip } = file;
  const result = await docket.records
    .pushFile(contextId, kind, () => readLoadFile(file), {
      contentType,
      gzip,
      onProgress: (sentBytes) => progress?.update(sentBytes),
    })
    .finally(() => progress?.stop());
  if (json) return printJson(cli, result);
  const { received, inserted, updated, unchanged } = result;
  const counts = Object.entries({ received, inserted, updated, unchanged }).map(
    ([name, count]) => `${name} ${count.toLocaleString("en")}`,
  );
  cli.out.write(`${kind}: ${counts.join(", ")}\n`);
}
