import { isDocketError, type RunProgress, type SavedExport } from "@docket/client";
import { createExportProgress, formatBytes, type ExportLine } from "@docket/terminal";
import type { Command } from "commander";

import type { Cli } from "../cli.ts";
import { connect, findContextId, withConnection, type ConnectionOptions } from "../connection.ts";
import { given, parseWords, typedPath } from "../options.ts";
import { escapeControls, printJson } from "../print.ts";

type ExportOptions = ConnectionOptions & {
  readonly context: string;
  readonly report: string;
  readonly format: string;
  readonly from?: string;
  readonly to?: string;
  readonly source?: string;
  readonly columns?: readonly string[];
  readonly timeZone?: string;
  readonly gzip?: true;
  readonly output: string;
  readonly force?: true;
  readonly json?: true;
};

const EXAMPLES = `
Examples:
  docket export --context "Bank against ledger" --report matched --format xlsx -o exports
  docket export --context Bank --report unmatched --from 2026-01-01 --to 2026-01-31 --gzip
  docket export --context Bank --report exceptions --json | jq -r .path`;

/** `docket export`: order, progress, download, verify. */
export function addExport(program: Command, cli: Cli): void {
  withConnection(program.command("export"))
    .description("order an export, wait for it, download the file and verify its SHA-256")
    .requiredOption("--context <name>", "name or ID of the context")
    .requiredOption("--report <type>", "matched, unmatched, variance or exceptions")
    .option("--format <format>", "csv, json, ndjson, xml or xlsx", "csv")
    .option("--from <day>", "first day, YYYY-MM-DD (default: 30 days before the last)")
    .option("--to <day>", "last day, YYYY-MM-DD (default: tomorrow)")
    .option("--source <id>", "ID of the only source")
    .option("--columns <names>", "columns in file order, separated by commas", parseWords)
    .option("--time-zone <zone>", "time zone of the days, such as Europe/Berlin")
    .option("--gzip", "compress the file")
    .option("-o, --output <directory>", "where to save the file", ".")
    .option("--force", "overwrite a file of the same name with other content")
    .addHelpText("after", EXAMPLES)
    .action((options: ExportOptions) => runExport(options, cli));
}

async function runExport(options: ExportOptions, cli: Cli): Promise<void> {
  const docket = connect(options, cli);
  const contextId = await findContextId(docket, options.context);
  const { report, format, from, to, source, columns, timeZone, gzip } = options;
  const request = given({
    reportType: report,
    format,
    dateFrom: from,
    dateTo: to,
    sourceId: source,
    columns,
    timeZone,
    compression: gzip && "GZIP",
  });
  const progress = options.json ? undefined : createExportProgress(cli.err);
  const line = progress?.add(`${report} ${format}`.toUpperCase());
  let jobId: string | undefined;
  try {
    const saved = await docket.exportJobs.run(contextId, request, {
      to: typedPath(cli.environment, options.output),
      overwrite: options.force ?? false,
      onOrdered: (ordered) => (jobId = ordered),
      onProgress: (each) => {
        if (line !== undefined) show(line, each);
      },
    });
    if (line !== undefined) show(line, { job: saved.job, downloadedBytes: saved.sizeBytes }, true);
    progress?.stop();
    printSaved(saved, options, cli);
  } catch (error) {
    progress?.stop();
    cli.err.write(hintAfter(error, jobId, cli));
    throw error;
  }
}

/** What to know about an export that was ordered when its command fails. */
function hintAfter(error: unknown, jobId: string | undefined, { signal }: Cli): string {
  if (jobId === undefined) return "";
  const job = escapeControls(jobId);
  if (signal.aborted) return `The export goes on. To cancel it: docket exports cancel ${job}\n`;
  const hint = isDocketError(error, "file_exists") ? " --force overwrites the file." : "";
  return `The export is job ${job}.${hint}\n`;
}

function show(line: ExportLine, { job, downloadedBytes }: RunProgress, isVerified = false): void {
  const waiting = downloadedBytes === undefined ? job.status.toLowerCase() : "downloading";
  line.update({
    state: isVerified ? "SHA-256 ok" : waiting,
    rows: job.recordsWritten,
    expectedRows: job.recordsExpected,
    downloadedBytes,
  });
}

function printSaved(
  { job, path, sizeBytes, sha256 }: SavedExport,
  { json }: ExportOptions,
  cli: Cli,
): void {
  const { id: jobId, recordsWritten: rows } = job;
  if (json) return printJson(cli, { jobId, path, rows, sizeBytes, sha256 });
  cli.out.write(`${escapeControls(path!)}\n`);
  cli.out.write(`  ${rows.toLocaleString("en")} rows, ${formatBytes(sizeBytes)}, SHA-256 ok\n`);
  cli.out.write(`  ${sha256}\n`);
}
