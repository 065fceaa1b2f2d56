import { readFileSync } from "node:fs";
import { join } from "node:path";

import { saveTo, type Dispute, type DisputeEvent, type Exception } from "@docket/client";

import { exportOne, type ExportRun } from "./exports.ts";

export type DisputeRun = Omit<ExportRun, "progress"> & {
  readonly print: (line?: string) => void;
};

/** Takes one dispute through its whole lifecycle, on an exception of the demo tenant, and prints each step. */
export async function demonstrateDispute(run: DisputeRun): Promise<void> {
  const { client, contextId, print } = run;
  const query = { contextId, status: ["OPEN"] };
  const [exception] = (await client.exceptions.list(query).page()).items;
  if (exception === undefined) throw new Error("the demo context has no open exception to dispute");
  const { externalId, amount, currency } = exception.transaction;
  const summary = `${amount} ${currency}, ${exception.severity}: ${exception.reason ?? "no reason given"}`;
  print(`Disputing the exception of transaction ${externalId} (${summary}):`);

  const statement = createStatement(exception);
  const closed = await runLifecycle(run, exception, statement);

  print();
  await verifyEvidence(run, closed, statement);
  print();
  print("The dispute's history:");
  for await (const event of client.disputes.history(closed.id)) print(`  ${eventLine(event)}`);
  print();
  await verifyReport(run, closed);
}

async function runLifecycle(
  { client: { disputes, evidence }, print }: DisputeRun,
  exception: Exception,
  statement: string,
): Promise<Dispute> {
  const printState = (step: string, dispute: Dispute): Dispute => {
    print(`  ${step.padEnd(18)}  ${dispute.state}`);
    return dispute;
  };
  const opening = { category: "UNRECOGNIZED_CHARGE", description: "We do not know this charge." };
  const { id } = printState("opened", await disputes.create(exception.id, opening));

  const contract = { comment: "The contract", fileUrl: "https://files.example/contract.pdf" };
  printState("evidence by URL", await evidence.add(id, contract));
  const question = { note: "Please send the statement." };
  printState("evidence requested", await disputes.requestEvidence(id, question));
  printState("evidence uploaded", await evidence.upload(id, statement, STATEMENT));
  const loss = { won: false, resolution: "The bank rejected the claim." };
  printState("closed", await disputes.close(id, loss));
  printState("reopened", await disputes.reopen(id, { reason: "The bank found its error." }));
  const win = { won: true, resolution: "The bank paid the amount back." };
  return printState("closed", await disputes.close(id, win));
}

const STATEMENT = {
  comment: "The line of the statement",
  fileName: "bank-statement.csv",
  contentType: "text/csv",
};

/** The disputed line of a bank statement, as a CSV file. */
function createStatement({ transaction }: Exception): string {
  const { externalId, amount, currency } = transaction;
  return `reference,amount,currency\n${externalId},${amount},${currency}\n`;
}

/** Downloads the uploaded evidence and compares it with the file that was sent. */
async function verifyEvidence(
  { client, directory, signal, print }: DisputeRun,
  { id, evidence }: Dispute,
  sent: string,
): Promise<void> {
  const stored = evidence.find(({ file }) => file !== undefined);
  if (stored?.file === undefined) throw new Error("the uploaded evidence is missing");
  const { fileName, sizeBytes, sha256 } = stored.file;
  const open = () => client.evidence.download(id, stored.id, { signal });
  const path = await saveTo(directory, open);
  if (readFileSync(path, "utf8") !== sent) {
    throw new Error("the downloaded evidence differs from the uploaded file");
  }
  print(`Evidence downloaded: ${fileName}, ${sizeBytes} B, SHA-256 ok`);
  print(`  ${sha256}`);
}

function eventLine({ at, type, from, to, actor, note }: DisputeEvent): string {
  const change = to === undefined ? "" : from === undefined ? `→ ${to}` : `${from} → ${to}`;
  const line = [at, type.padEnd(18), change.padEnd(24), actor, note ?? ""].join("  ");
  return line.trimEnd();
}

type ReportRow = Readonly<
  Record<"exception_id" | "external_id" | "dispute_id" | "dispute_state", string | null>
>;

/** Exports the EXCEPTIONS report again and checks that it shows the dispute's state. */
async function verifyReport(run: DisputeRun, { id, state }: Dispute): Promise<void> {
  const { fileName } = await exportOne(run, { reportType: "EXCEPTIONS", format: "JSON" });
  const text = readFileSync(join(run.directory, fileName), "utf8");
  const row = (JSON.parse(text) as readonly ReportRow[]).find(
    ({ dispute_id }) => dispute_id === id,
  );
  if (row?.dispute_state !== state) {
    throw new Error("the EXCEPTIONS report does not show the dispute's state");
  }
  run.print("A new EXCEPTIONS report shows the dispute:");
  for (const name of ["exception_id", "external_id", "dispute_id", "dispute_state"] as const) {
    run.print(`  ${name.padEnd(14)} ${row[name]}`);
  }
}
