import type { Transaction } from "@docket/client";

import { DataTable, type Column } from "../ui/data-table.tsx";
import { formatDay } from "../ui/format.ts";
import { Money } from "../ui/money.tsx";
import { TransactionStatus } from "./transaction-status.tsx";

const columns = (sourceNames: ReadonlyMap<string, string>): readonly Column<Transaction>[] => [
  {
    id: "main",
    header: "Transaction",
    cell: ({ externalId, description }) => (
      <span className="cell-main truncate">
        {externalId}
        <span className="cell-main__more secondary">{description}</span>
      </span>
    ),
  },
  { id: "date", header: "Date", cell: ({ date }) => formatDay(date) },
  {
    id: "amount",
    header: "Amount",
    align: "end",
    cell: ({ amount, currency }) => <Money amount={amount} currency={currency} />,
  },
  {
    id: "status",
    header: "Status",
    priority: "low",
    cell: ({ status }) => <TransactionStatus status={status} />,
  },
  {
    id: "source",
    header: "Source",
    priority: "lowest",
    cell: ({ sourceId }) => <span className="truncate">{sourceNames.get(sourceId)}</span>,
  },
];

export function TransactionTable({
  transactions,
  sourceNames,
  openId,
  href,
}: {
  readonly transactions: readonly Transaction[];
  readonly sourceNames: ReadonlyMap<string, string>;
  readonly openId: string | undefined;
  readonly href: (transaction: Transaction) => string;
}) {
  return (
    <DataTable
      label="Transactions"
      columns={columns(sourceNames)}
      rows={transactions}
      rowKey={({ id }) => id}
      rowHref={href}
      openKey={openId}
    />
  );
}
