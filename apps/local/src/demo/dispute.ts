import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Dispute, DisputeEvent, DisputedException, EvidenceFile } from "@docket/client";
import { exportOne, fetchFile, type ExportRun } from "./exports.ts";

export type DisputeRun = Omit<ExportRun, "progress"> & {
  readonly say: (line?: string) => void;
};

/** Walks one dispute through its life, on an exception of the demo's own data, and says each step. */
export async function contestException(run: DisputeRun): Promise<void> {
  const { client, contextId, say } = run;
  const { disputes } = client;
  const [exception] = await disputes.openExceptions(contextId);
  if (exception === undefined) throw new Error("no exception is open that could be contested");
  const { externalId, amount, currency } = exception.transaction;
  const about = `${amount} ${currency}, ${exception.severity}: ${exception.reason ?? "no reason given"}`;
  say(`Contesting the exception of transaction ${externalId} (${about}):`);

  const told = (what: string, dispute: Dispute): Dispute => {
    say(`  ${what.padEnd(18)}  ${dispute.state}`);
    return dispute;
  };
  const opening = { category: "UNRECOGNIZED_CHARGE", description: "Nobody knows what it is for." };
  const { id } = told("opened", await disputes.open(exception.id, opening));
  const act = async (what: string, action: string, body: object): Promise<Dispute> =>
    told(what, await disputes.act(id, action, body));

  const reference = { comment: "The contract", fileUrl: "https://files.example/contract.pdf" };
  await act("evidence by URL", "evidence", reference);
  await act("evidence requested", "request-evidence", { note: "The statement, please." });
  const file = statementOf(exception);
  told("evidence uploaded", await disputes.upload(id, file));
  await act("closed", "close", { won: false, resolution: "The bank says that it was right." });
  await act("reopened", "reopen", { reason: "The bank found its error." });
  const closed = await act("closed", "close", { won: true, resolution: "Paid back." });

  say();
  await bringEvidenceHome(run, closed, file);
  say();
  say("The dispute's history:");
  for (const event of await disputes.history(id)) say(`  ${eventLine(event)}`);
  say();
  await showInReport(run, closed);
}

/** What a bank might send: the disputed line of its statement. */
function statementOf({ transaction }: DisputedException): EvidenceFile {
  const { externalId, amount, currency } = transaction;
  const text = `reference,amount,currency\n${externalId},${amount},${currency}\n`;
  return {
    comment: "The line of the statement",
    fileName: "bank-statement.csv",
    type: "text/csv",
    content: new TextEncoder().encode(text),
  };
}

async function bringEvidenceHome(
  { client, files, signal, say }: DisputeRun,
  { evidence }: Dispute,
  sent: EvidenceFile,
): Promise<void> {
  const stored = evidence.find(({ file }) => file !== undefined);
  if (stored?.file === undefined) throw new Error("the uploaded evidence is not in the dispute");
  const { downloadUrl, fileName, sha256 } = await client.disputes.download(stored.fileUrl);
  const path = join(files, fileName);
  const got = await fetchFile(downloadUrl, path, signal);
  const same = got.sha256 === sha256 && Buffer.from(sent.content).equals(readFileSync(path));
  if (!same) throw new Error("the evidence that came back is not the file that was sent");
  say(`Evidence downloaded: ${fileName}, ${got.bytes} B, SHA-256 ok`);
  say(`  ${sha256}`);
}

function eventLine({ at, type, from, to, actor, note }: DisputeEvent): string {
  const move = to === undefined ? "" : from === undefined ? `→ ${to}` : `${from} → ${to}`;
  const line = [at, type.padEnd(18), move.padEnd(24), actor, note ?? ""].join("  ");
  return line.trimEnd();
}

type ReportRow = Readonly<
  Record<"exception_id" | "external_id" | "dispute_id" | "dispute_state", string | null>
>;

/** Orders the exceptions once more: now the report shows the dispute and its state. */
async function showInReport(run: DisputeRun, { id, state }: Dispute): Promise<void> {
  const wanted = { reportType: "EXCEPTIONS", format: "JSON" };
  const { fileName } = await exportOne(run, wanted, { update: () => undefined });
  const rows = JSON.parse(readFileSync(join(run.files, fileName), "utf8")) as readonly ReportRow[];
  const row = rows.find(({ dispute_id }) => dispute_id === id);
  if (row?.dispute_state !== state) {
    throw new Error("the EXCEPTIONS report does not show the dispute's state");
  }
  run.say("The EXCEPTIONS report, ordered again, shows it:");
  for (const name of ["exception_id", "external_id", "dispute_id", "dispute_state"] as const) {
    run.say(`  ${name.padEnd(14)} ${row[name]}`);
  }
}
