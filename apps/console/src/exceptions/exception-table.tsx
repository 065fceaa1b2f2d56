import type { Exception } from "@docket/client";

import { DeadlineBadge } from "../cases/deadline-badge.tsx";
import { DataTable, type Column } from "../ui/data-table.tsx";
import { Money } from "../ui/money.tsx";
import { AssignToMe } from "./assign-to-me.tsx";
import { ExceptionStatus, Severity } from "./exception-badges.tsx";
import { formatAge, isResolved } from "./words.ts";

const COLUMNS: readonly Column<Exception>[] = [
  {
    id: "main",
    header: "Exception",
    cell: ({ reason, transaction: { externalId, description } }) => (
      <span className="cell-main truncate">
        {reason ?? description ?? externalId}
        <span className="cell-main__more secondary">{externalId}</span>
      </span>
    ),
  },
  {
    id: "severity",
    header: "Severity",
    sort: "severity",
    cell: ({ severity }) => <Severity severity={severity} />,
  },
  {
    id: "amount",
    header: "Amount",
    align: "end",
    sort: "amount",
    cell: ({ transaction: { amount, currency } }) => <Money amount={amount} currency={currency} />,
  },
  {
    id: "age",
    header: "Age",
    align: "end",
    sort: "createdAt",
    priority: "low",
    cell: ({ ageDays }) => formatAge(ageDays),
  },
  {
    id: "due",
    header: "Due",
    sort: "dueAt",
    priority: "low",
    cell: (exception) =>
      exception.dueAt === undefined || isResolved(exception) ? (
        "–"
      ) : (
        <DeadlineBadge at={exception.dueAt} />
      ),
  },
  {
    id: "status",
    header: "Status",
    sort: "status",
    priority: "lowest",
    cell: ({ status }) => <ExceptionStatus status={status} />,
  },
  {
    id: "assignee",
    header: "Assigned to",
    priority: "lowest",
    cell: (exception) => <AssignToMe exception={exception} />,
  },
];

export function ExceptionTable({
  exceptions,
  openId,
  href,
  selected,
  onSelect,
  sort,
  onSort,
}: {
  readonly exceptions: readonly Exception[];
  readonly openId: string | undefined;
  readonly href: (exceptionId: string) => string;
  /** Undefined where nothing may be changed. */
  readonly selected: ReadonlySet<string> | undefined;
  readonly onSelect: (ids: ReadonlySet<string>) => void;
  readonly sort: string;
  readonly onSort: (sort: string) => void;
}) {
  return (
    <DataTable
      label="Exceptions"
      columns={COLUMNS}
      rows={exceptions}
      rowKey={({ id }) => id}
      rowHref={({ id }) => href(id)}
      openKey={openId}
      {...(selected !== undefined && {
        selection: {
          keys: selected,
          onChange: onSelect,
          rowLabel: ({ transaction }: Exception) => transaction.externalId,
        },
      })}
      sort={sort}
      onSort={onSort}
    />
  );
}
