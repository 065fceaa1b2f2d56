import { useState } from "react";

import { useUrlState } from "../app/url-state.ts";
import { useCaseFilters } from "../cases/use-case-filters.ts";
import { useAllowed } from "../session/session-context.tsx";
import { useTransactionFilters } from "../transactions/use-transaction-filters.ts";
import { activeFilters } from "../ui/active-filters.ts";
import { ListPage, useListRows } from "../ui/list-page.tsx";
import { EmptyState } from "../ui/states.tsx";
import { BulkBar } from "./bulk/bulk-bar.tsx";
import { BulkDialog, type Bulk } from "./bulk/bulk-dialog.tsx";
import { useSelection } from "./bulk/selection.ts";
import { ExceptionFilterBar } from "./exception-filter-bar.tsx";
import { ExceptionTable } from "./exception-table.tsx";
import { DEFAULT_SORT, EXCEPTION_FILTERS, FILTER_BAR } from "./filters.ts";
import { useExceptions } from "./queries.ts";
import { OPEN_STATUSES } from "./words.ts";

/** The exceptions of a context, the most severe first. */
export function ExceptionList({
  contextId,
  openId,
  href,
}: {
  readonly contextId: string;
  readonly openId: string | undefined;
  readonly href: (exceptionId: string) => string;
}) {
  const canWrite = useAllowed("exception:write");
  const [bulk, setBulk] = useState<Bulk>();
  const [filters, setFilters] = useUrlState(EXCEPTION_FILTERS);
  const { cursor, status = OPEN_STATUSES, sort = DEFAULT_SORT } = filters;
  const list = useListRows(useExceptions({ contextId, ...filters, status, sort }), filters);
  const selection = useSelection(list.shown, list.key);
  const active = [
    ...activeFilters(FILTER_BAR, filters),
    ...useTransactionFilters(contextId, filters),
    ...useCaseFilters(filters),
  ];
  return (
    <>
      {selection.exceptions.length > 0 ? (
        <BulkBar
          selection={selection}
          onAction={(action) => setBulk({ action, exceptions: selection.exceptions })}
        />
      ) : (
        <ExceptionFilterBar
          contextId={contextId}
          filters={filters}
          active={active}
          onChange={setFilters}
        />
      )}
      <BulkDialog bulk={bulk} onClose={() => setBulk(undefined)} onApplied={selection.clear} />
      <ListPage
        list={list}
        unit="exception"
        active={active}
        cursor={cursor}
        onChange={setFilters}
        empty={
          <EmptyState icon="check" title="Nothing is left to do">
            Exceptions that loaded records raise appear here until they are resolved.
          </EmptyState>
        }
      >
        <ExceptionTable
          exceptions={list.shown}
          openId={openId}
          href={href}
          selected={canWrite ? selection.ids : undefined}
          onSelect={selection.change}
          sort={sort}
          onSort={(next) => setFilters({ sort: next as typeof sort })}
        />
      </ListPage>
    </>
  );
}
