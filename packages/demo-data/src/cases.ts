import type { Docket, Exception } from "@docket/client";
import { addDays } from "@docket/domain";

import { money } from "./records.ts";
import { REVIEWERS } from "./vocabulary.ts";

/** What each dispute is about, in turn. */
const SUBJECTS = [
  ["BANK_FEE_ERROR", "The bank charged by its old price list."],
  ["UNRECOGNIZED_CHARGE", "Nobody in the company knows this charge."],
  ["DUPLICATE_TRANSACTION", "The same payment was booked twice."],
  ["OTHER", "The value date is a week late."],
] as const;

/** How far a dispute has come. */
type Progress = {
  /** Days from the day of the first start to the deadline. Negative: it has passed. */
  readonly dueInDays: number;
  readonly step?: "draft" | "evidence-requested" | "lost";
  /** Won, with this share of the amount recovered. */
  readonly recoveredPercent?: number;
};

const PROGRESS: readonly Progress[] = [
  { dueInDays: 1 },
  { dueInDays: 2 },
  { dueInDays: 2, step: "evidence-requested" },
  { dueInDays: -1 },
  { dueInDays: -4, step: "evidence-requested" },
  { dueInDays: -9 },
  { dueInDays: -12, recoveredPercent: 100 },
  { dueInDays: -15, recoveredPercent: 60 },
  { dueInDays: -20, step: "lost" },
  { dueInDays: 7 },
  { dueInDays: 12, step: "evidence-requested" },
  { dueInDays: 16 },
  { dueInDays: 30 },
  { dueInDays: 30, step: "draft" },
  { dueInDays: -21, recoveredPercent: 35 },
  { dueInDays: -25, recoveredPercent: 100 },
  { dueInDays: -30, step: "lost" },
];

/**
 * Ensures that the demo tenant has disputes: due soon, overdue, waiting for evidence, lost, and won with all or a part of
 * the amount. They contest the largest unresolved exceptions, so that the same records give the same disputes.
 *
 * Does nothing if the context has a dispute already. A start that is interrupted in the middle leaves fewer of them.
 */
export async function ensureDemoCases(
  client: Docket,
  contextId: string,
  today: string,
  log: (line: string) => void,
): Promise<void> {
  const existing = await client.disputes.list({ contextId, limit: 1 }).page();
  if (existing.items.length > 0) return;
  log(`Opening ${PROGRESS.length} disputes …`);
  const status = ["OPEN", "ASSIGNED"];
  const query = { contextId, status, sort: "-amount", limit: PROGRESS.length };
  const exceptions = (await client.exceptions.list(query).page()).items;
  for (const [index, progress] of PROGRESS.entries()) {
    const exception = exceptions[index];
    if (exception !== undefined) await createCase(client, exception, { index, progress, today });
  }
}

type Case = { readonly index: number; readonly progress: Progress; readonly today: string };

async function createCase(
  { disputes, evidence }: Docket,
  exception: Exception,
  { index, progress, today }: Case,
): Promise<void> {
  const { dueInDays, step, recoveredPercent } = progress;
  const [category, description] = SUBJECTS[index % SUBJECTS.length]!;
  // Every fifth dispute has no assignee.
  const assignedTo = REVIEWERS[index % (REVIEWERS.length + 1)];
  const { id, disputedAmount } = await disputes.create(exception.id, {
    category,
    description,
    draft: step === "draft",
    respondBy: `${addDays(today, dueInDays)}T16:00:00Z`,
    reference: `NB-${7_101 + index}`,
    ...(assignedTo !== undefined && { assignedTo }),
  });
  if (step === "draft") return;

  if (index % 2 === 0) await evidence.add(id, STATEMENT);
  if (step === "evidence-requested") {
    await disputes.requestEvidence(id, { note: "The bank asks for the contract." });
  }
  if (step === "lost") {
    await disputes.close(id, { won: false, resolution: "The bank showed a signed order." });
  }
  if (recoveredPercent !== undefined) {
    // An amount times a percentage is the recovered amount in cents.
    const recoveredAmount = money(Math.round(Number(disputedAmount) * recoveredPercent));
    const resolution = `The bank paid back ${recoveredPercent} %.`;
    await disputes.close(id, { won: true, resolution, recoveredAmount });
  }
}

const STATEMENT = {
  kind: "BANK_STATEMENT",
  comment: "The line of the statement",
  fileUrl: "https://files.example/statements/nordbank-4711.pdf",
};
