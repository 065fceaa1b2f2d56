import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Dispute, DisputeEvent, DisputedException, EvidenceFile } from "@docket/client";

import { downloadFile } from "./download.ts";
import { exportOne, type ExportRun } from "./exports.ts";

export type DisputeRun = Omit<ExportRun, "progress"> & {
  readonly print: (line?: string) => void;
};

/** Takes one dispute through its whole lifecycle, on an exception of the demo tenant, and prints each step. */
export async function demonstrateDispute(run: DisputeRun): Promise<void> {
  const { client, contextId, print } = run;
  const [exception] = await client.disputes.openExceptions(contextId);
  if (exception === undefined) throw new Error("the demo context has no open exception to dispute");
  const { externalId, amount, currency } = exception.transaction;
  const summary = `${amount} ${currency}, ${exception.severity}: ${exception.reason ?? "no reason given"}`;
  print(`Disputing the exception of transaction ${externalId} (${summary}):`);

  const file = createStatement(exception);
  const closed = await runLifecycle(run, exception, file);

  print();
  await verifyEvidence(run, closed, file);
  print();
  print("The dispute's history:");
  for (const event of await client.disputes.history(closed.id)) print(`  ${eventLine(event)}`);
  print();
  await verifyReport(run, closed);
}

async function runLifecycle(
  { client: { disputes }, print }: DisputeRun,
  exception: DisputedException,
  file: EvidenceFile,
): Promise<Dispute> {
  const printState = (step: string, dispute: Dispute): Dispute => {
    print(`  ${step.padEnd(18)}  ${dispute.state}`);
    return dispute;
  };
  const opening = { category: "UNRECOGNIZED_CHARGE", description: "We do not know this charge." };
  const { id } = printState("opened", await disputes.open(exception.id, opening));
  const act = async (step: string, action: string, body: object): Promise<Dispute> =>
    printState(step, await disputes.act(id, action, body));

  const contract = { comment: "The contract", fileUrl: "https://files.example/contract.pdf" };
  await act("evidence by URL", "evidence", contract);
  await act("evidence requested", "request-evidence", { note: "Please send the statement." });
  printState("evidence uploaded", await disputes.upload(id, file));
  await act("closed", "close", { won: false, resolution: "The bank rejected the claim." });
  await act("reopened", "reopen", { reason: "The bank found its error." });
  return act("closed", "close", { won: true, resolution: "The bank paid the amount back." });
}

/** The disputed line of a bank statement, as a CSV file. */
function createStatement({ transaction }: DisputedException): EvidenceFile {
  const { externalId, amount, currency } = transaction;
  const text = `reference,amount,currency\n${externalId},${amount},${currency}\n`;
  return {
    comment: "The line of the statement",
    fileName: "bank-statement.csv",
    type: "text/csv",
    content: new TextEncoder().encode(text),
  };
}

/** Downloads the uploaded evidence and compares it with the file that was sent. */
async function verifyEvidence(
  { client, directory, signal, print }: DisputeRun,
  { evidence }: Dispute,
  sent: EvidenceFile,
): Promise<void> {
  const stored = evidence.find(({ file }) => file !== undefined);
  if (stored === undefined) throw new Error("the uploaded evidence is missing from the dispute");
  const { downloadUrl, fileName, sha256 } = await client.disputes.download(stored.fileUrl);
  const path = join(directory, fileName);
  const file = await downloadFile(downloadUrl, path, signal);
  const isSame = file.sha256 === sha256 && Buffer.from(sent.content).equals(readFileSync(path));
  if (!isSame) throw new Error("the downloaded evidence differs from the uploaded file");
  print(`Evidence downloaded: ${fileName}, ${file.bytes} B, SHA-256 ok`);
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
