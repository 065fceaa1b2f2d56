import type { Docket, Summary } from "@docket/client";
import { formatTable } from "@docket/terminal";

import { widestRange } from "./exports.ts";

type SummaryRun = {
  readonly client: Docket;
  readonly contextId: string;
  readonly print: (line?: string) => void;
};

/** Prints the figures of the demo context. */
export async function printSummary({ client, contextId, print }: SummaryRun): Promise<void> {
  const summary = await client.contexts.summary(contextId, widestRange());
  print("The summary of the context:");
  const lines = [
    ["transactions", transactionsLine(summary)],
    ["exceptions", exceptionsLine(summary)],
    ["disputes", disputesLine(summary)],
  ];
  print(formatTable(lines, ["left", "left"]));
  print();
  print(amountTable(summary));
}

const format = (count: number): string => count.toLocaleString("en");

const formatAmount = (amount: string): string =>
  Number(amount).toLocaleString("en", { minimumFractionDigits: 2 });

const transactionsLine = ({ transactions }: Summary): string => {
  const { total, matched, unmatched, pendingReview, ignored } = transactions;
  const statuses = [
    `${format(matched)} matched`,
    `${format(unmatched)} unmatched`,
    `${format(pendingReview)} to review`,
    `${format(ignored)} ignored`,
  ];
  return `${format(total)}: ${statuses.join(", ")}`;
};

function exceptionsLine({ exceptions }: Summary): string {
  const { open, overdue, unassigned, bySeverity } = exceptions;
  const severities = bySeverity.map(({ severity, count }) => `${format(count)} ${severity}`);
  const counts = `${format(overdue)} overdue, ${format(unassigned)} unassigned`;
  return `${format(open)} not resolved: ${counts}; ${severities.join(", ")}`;
}

function disputesLine({ disputes }: Summary): string {
  const { byState, overdue, wonShare } = disputes;
  const states = byState.map(({ state, count }) => `${format(count)} ${state}`);
  const share = wonShare === undefined ? "" : `, ${(wonShare * 100).toFixed(0)} % won`;
  return `${states.join(", ")}; ${format(overdue)} overdue${share}`;
}

function amountTable({ amounts, disputes }: Summary): string {
  const rows = amounts.map(({ currency, matched, unmatched }) => {
    const contested = disputes.amounts.find((each) => each.currency === currency);
    const { disputed = "0", recovered = "0", lost = "0" } = contested ?? {};
    return [currency, ...[matched, unmatched, disputed, recovered, lost].map(formatAmount)];
  });
  const header = ["", "matched", "unmatched", "disputed", "recovered", "lost"];
  return formatTable([header, ...rows], ["left", "right", "right", "right", "right", "right"]);
}
