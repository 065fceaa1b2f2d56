import type { ExportJob } from "@docket/client";
import type { Command } from "commander";

import type { Cli } from "../cli.ts";
import { connect, findContextId, withConnection, type ConnectionOptions } from "../connection.ts";
import { given, parseLimit, parseUpperWords } from "../options.ts";
import { printFields, printJson, printTable, take, type Column } from "../print.ts";

type ListOptions = ConnectionOptions & {
  readonly context?: string;
  readonly status?: readonly string[];
  readonly limit: number;
  readonly json?: true;
};

const COLUMNS: readonly Column<ExportJob>[] = [
  { name: "job", value: ({ id }) => id },
  { name: "report", value: ({ reportType }) => reportType },
  { name: "format", value: ({ format }) => format },
  { name: "days", value: ({ dateFrom, dateTo }) => `${dateFrom} to ${dateTo}` },
  { name: "status", value: ({ status }) => status },
  { name: "rows", value: ({ recordsWritten }) => recordsWritten, alignment: "right" },
  { name: "created", value: ({ createdAt }) => createdAt },
  { name: "error", value: ({ error }) => error },
];

/** `docket exports list` and `docket exports cancel`. */
export function addExports(program: Command, cli: Cli): void {
  const exports = program.command("exports").description("list and cancel exports");
  withConnection(exports.command("list"))
    .description("list exports, newest first")
    .option("--context <name>", "name or ID of the context")
    .option(
      "--status <names>",
      "queued, running, succeeded, failed, canceled, expired",
      parseUpperWords,
    )
    .option("--limit <number>", "how many", parseLimit, 20)
    .addHelpText("after", "\nExample:\n  docket exports list --status failed,running")
    .action(async (options: ListOptions) => {
      const docket = connect(options, cli);
      const { context, status, limit } = options;
      const contextId = context && (await findContextId(docket, context));
      const query = given({ contextId, status, limit: Math.min(limit, 200) });
      const jobs = await take(docket.exportJobs.list(query), limit);
      if (options.json) printJson(cli, jobs);
      else printTable(cli, jobs, COLUMNS, "There are no exports.");
    });
  withConnection(exports.command("cancel <job>"))
    .description("cancel an export that has not ended")
    .addHelpText(
      "after",
      "\nExample:\n  docket exports cancel 01980000-0000-7000-8000-000000000001",
    )
    .action(async (jobId: string, options: ConnectionOptions & { readonly json?: true }) => {
      const job = await connect(options, cli).exportJobs.cancel(jobId);
      if (options.json) printJson(cli, job);
      else printFields(cli, { job: job.id, status: job.status });
    });
}
