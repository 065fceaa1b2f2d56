import type { Dispute } from "@docket/client";
import type { Command } from "commander";

import type { Cli } from "../cli.ts";
import { connect, findContextId, withConnection, type ConnectionOptions } from "../connection.ts";
import { given, parseLimit, parseUpperWords } from "../options.ts";
import { printFields, printJson, printTable, take, type Column } from "../print.ts";
import { addEvidence } from "./evidence.ts";
import { printChange } from "./print-change.ts";

type Json = ConnectionOptions & { readonly json?: true };

type ListOptions = Json & {
  readonly context?: string;
  readonly state?: readonly string[];
  readonly assignedTo?: string;
  readonly overdue?: true;
  readonly limit: number;
};

type OpenOptions = Json & {
  readonly category: string;
  readonly description: string;
  readonly draft?: true;
  readonly amount?: string;
  readonly respondBy?: string;
  readonly assignedTo?: string;
  readonly reference?: string;
};

type CloseOptions = Json & {
  readonly won?: true;
  readonly lost?: true;
  readonly resolution: string;
  readonly recovered?: string;
};

const COLUMNS: readonly Column<Dispute>[] = [
  { name: "dispute", value: ({ id }) => id },
  { name: "state", value: ({ state }) => state },
  { name: "category", value: ({ category }) => category },
  { name: "amount", value: ({ disputedAmount }) => disputedAmount, alignment: "right" },
  { name: "", value: ({ currency }) => currency },
  {
    name: "respond by",
    value: ({ respondBy, overdue }) => (overdue ? `${respondBy} OVERDUE` : respondBy),
  },
  { name: "assigned to", value: ({ assignedTo }) => assignedTo },
  { name: "evidence", value: ({ evidence }) => evidence.length, alignment: "right" },
];

/** `docket disputes …`. */
export function addDisputes(program: Command, cli: Cli): void {
  const disputes = program.command("disputes").description("work on disputes");
  addList(disputes, cli);
  withConnection(disputes.command("show <dispute>"))
    .description("show a dispute, its evidence and its history")
    .addHelpText("after", "\nExample:\n  docket disputes show 01980000-0000-7000-8000-000000000001")
    .action((id: string, options: Json) => showDispute(id, options, cli));
  addOpen(disputes, cli);
  addEvidence(disputes, cli);
  addClose(disputes, cli);
}

function addList(disputes: Command, cli: Cli): void {
  withConnection(disputes.command("list"))
    .description("list disputes, newest first")
    .option("--context <name>", "name or ID of the context")
    .option("--state <names>", "draft, open, pending_evidence, won, lost", parseUpperWords)
    .option("--assigned-to <name>", "only those of this person")
    .option("--overdue", "only those whose time to respond has passed")
    .option("--limit <number>", "how many", parseLimit, 20)
    .addHelpText(
      "after",
      "\nExample:\n  docket disputes list --state open,pending_evidence --overdue",
    )
    .action(async (options: ListOptions) => {
      const docket = connect(options, cli);
      const { context, state, assignedTo, overdue, limit } = options;
      const contextId = context && (await findContextId(docket, context));
      const query = given({ contextId, state, assignedTo, overdue, limit: Math.min(limit, 200) });
      const found = await take(docket.disputes.list(query), limit);
      if (options.json) printJson(cli, found);
      else printTable(cli, found, COLUMNS, "There are no disputes.");
    });
}

function addOpen(disputes: Command, cli: Cli): void {
  withConnection(disputes.command("open <exception>"))
    .description("dispute an exception")
    .requiredOption(
      "--category <name>",
      "bank_fee_error, unrecognized_charge, duplicate_transaction or other",
    )
    .requiredOption("--description <text>", "what is wrong")
    .option("--draft", "leave it a draft")
    .option("--amount <decimal>", "the disputed amount (default: all of it)")
    .option("--respond-by <time>", "when the answer is due, RFC 3339")
    .option("--assigned-to <name>", "who works on it")
    .option("--reference <text>", "the counterparty's case number")
    .addHelpText(
      "after",
      '\nExample:\n  docket disputes open 01980000-0000-7000-8000-000000000001 --category other --description "Nobody knows it"',
    )
    .action(async (exceptionId: string, options: OpenOptions) => {
      const { category, description, draft, amount, respondBy, assignedTo, reference } = options;
      const request = given({ category, description, draft, respondBy, assignedTo, reference });
      const dispute = await connect(options, cli).disputes.create(exceptionId, {
        ...request,
        ...given({ disputedAmount: amount }),
      });
      printChange(dispute, options, cli);
    });
}

function addClose(disputes: Command, cli: Cli): void {
  withConnection(disputes.command("close <dispute>"))
    .description("close a dispute as won or lost")
    .option("--won", "it was won")
    .option("--lost", "it was lost")
    .requiredOption("--resolution <text>", "how it ended")
    .option("--recovered <decimal>", "the recovered amount (default: all of it)")
    .addHelpText(
      "after",
      '\nExample:\n  docket disputes close 01980000-0000-7000-8000-000000000001 --won --resolution "Refunded"',
    )
    .action(async (id: string, options: CloseOptions, command: Command) => {
      const { won, lost, resolution, recovered } = options;
      if ((won === undefined) === (lost === undefined)) {
        command.error("error: give either --won or --lost");
      }
      const request = { won: won === true, resolution, ...given({ recoveredAmount: recovered }) };
      printChange(await connect(options, cli).disputes.close(id, request), options, cli);
    });
}

async function showDispute(id: string, options: Json, cli: Cli): Promise<void> {
  const docket = connect(options, cli);
  const dispute = await docket.disputes.get(id);
  const history = await take(docket.disputes.history(id), 1_000);
  if (options.json) return printJson(cli, { ...dispute, history });
  const { evidence, checklist, allowedActions, ...fields } = dispute;
  printFields(cli, { ...fields, allowedActions: allowedActions.join(", ") });
  const missing = checklist.filter(({ satisfied }) => !satisfied);
  if (missing.length > 0) {
    const kinds = missing.map(({ kind, level }) => `${kind} (${level.toLowerCase()})`);
    printFields(cli, { missing: kinds.join(", ") });
  }
  cli.out.write("\nEvidence:\n");
  const file = [
    { name: "evidence", value: (each: Dispute["evidence"][number]) => each.id },
    { name: "kind", value: (each: Dispute["evidence"][number]) => each.kind },
    {
      name: "file",
      value: (each: Dispute["evidence"][number]) => each.file?.fileName ?? each.fileUrl,
    },
    { name: "comment", value: (each: Dispute["evidence"][number]) => each.comment },
  ];
  printTable(cli, evidence, file, "  none");
  cli.out.write("\nHistory:\n");
  for (const { at, type, from, to, actor, note } of history) {
    const change = to === undefined ? "" : `${from ?? ""} → ${to}`.trim();
    printFields(cli, { [at]: [type.padEnd(18), change, actor, note ?? ""].join("  ").trimEnd() });
  }
}
