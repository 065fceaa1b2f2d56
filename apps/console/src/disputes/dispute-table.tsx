import type { Dispute } from "@docket/client";

import { DeadlineBadge } from "../cases/deadline-badge.tsx";
import { DataTable, type Column } from "../ui/data-table.tsx";
import { sentenceCase } from "../ui/format.ts";
import { Money } from "../ui/money.tsx";
import { DisputeAction } from "./dispute-action.tsx";
import { DisputeState } from "./dispute-state.tsx";
import { checklistCount } from "./next-step.ts";
import { isClosed } from "./words.ts";

const columnsWith = (href: (disputeId: string) => string): readonly Column<Dispute>[] => [
  {
    id: "main",
    header: "Dispute",
    cell: ({ category, description }) => (
      <span className="cell-main truncate">
        {sentenceCase(category)} <span className="cell-main__more secondary">{description}</span>
      </span>
    ),
  },
  {
    id: "respondBy",
    header: "Respond by",
    sort: "respondBy",
    cell: (dispute) =>
      dispute.respondBy === undefined || isClosed(dispute) ? (
        "–"
      ) : (
        <DeadlineBadge at={dispute.respondBy} />
      ),
  },
  {
    id: "amount",
    header: "Amount",
    align: "end",
    sort: "disputedAmount",
    cell: ({ disputedAmount, currency }) => <Money amount={disputedAmount} currency={currency} />,
  },
  {
    id: "state",
    header: "State",
    sort: "state",
    priority: "low",
    cell: ({ state }) => <DisputeState state={state} />,
  },
  {
    id: "assignee",
    header: "Assigned to",
    priority: "low",
    cell: ({ assignedTo }) => <span className="cell-person truncate">{assignedTo ?? "–"}</span>,
  },
  {
    id: "checklist",
    header: "Checklist",
    align: "end",
    priority: "lowest",
    cell: (dispute) => checklistCount(dispute),
  },
  {
    id: "action",
    header: "Next step",
    align: "end",
    isHeaderHidden: true,
    priority: "low",
    cell: (dispute) => <DisputeAction dispute={dispute} href={href(dispute.id)} />,
  },
];

export function DisputeTable({
  disputes,
  openId,
  href,
  sort,
  onSort,
}: {
  readonly disputes: readonly Dispute[];
  readonly openId: string | undefined;
  readonly href: (disputeId: string) => string;
  readonly sort: string;
  readonly onSort: (sort: string) => void;
}) {
  return (
    <DataTable
      label="Disputes"
      columns={columnsWith(href)}
      rows={disputes}
      rowKey={({ id }) => id}
      rowHref={({ id }) => href(id)}
      openKey={openId}
      sort={sort}
      onSort={onSort}
    />
  );
}
