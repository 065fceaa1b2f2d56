import { useState } from "react";

import { useUrlState } from "../app/url-state.ts";
import { useAllowed } from "../session/session-context.tsx";
import { Button } from "../ui/button.tsx";
import { useHeldRows } from "../ui/held-rows.ts";
import { NewRows } from "../ui/new-rows.tsx";
import { Pager } from "../ui/pager.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { EmptyState, Problem } from "../ui/states.tsx";
import { BulkBar } from "./bulk/bulk-bar.tsx";
import { BulkDialog, type Bulk } from "./bulk/bulk-dialog.tsx";
import { useSelection } from "./bulk/selection.ts";
import { ExceptionFilterBar } from "./exception-filter-bar.tsx";
import { ExceptionTable } from "./exception-table.tsx";
import { DEFAULT_SORT, EXCEPTION_FILTERS, NO_FILTER } from "./filters.ts";
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
  const query = { contextId, ...filters, status, sort };
  const { data: page, error, isPending, isPlaceholderData, refetch } = useExceptions(query);
  // The rows of the filters before are shown until the new ones arrive.
  const listKey = JSON.stringify([filters, isPlaceholderData]);
  const { shown, held, show } = useHeldRows(page?.items ?? [], listKey, ({ id }) => id);
  const selection = useSelection(shown, listKey);
  const isFiltered = Object.keys(NO_FILTER).some((name) => name in filters);
  return (
    <>
      {selection.exceptions.length > 0 ? (
        <BulkBar
          selection={selection}
          onAction={(action) => setBulk({ action, exceptions: selection.exceptions })}
        />
      ) : (
        <ExceptionFilterBar contextId={contextId} filters={filters} onChange={setFilters} />
      )}
      <BulkDialog bulk={bulk} onClose={() => setBulk(undefined)} onApplied={selection.clear} />
      {isPending && <Skeleton />}
      {error !== null && page === undefined && (
        <Problem error={error} retry={() => void refetch()} />
      )}
      {page?.items.length === 0 && (
        <NoExceptions onClear={isFiltered ? () => setFilters(NO_FILTER) : undefined} />
      )}
      <NewRows count={held} onShow={show} />
      {page !== undefined && shown.length > 0 && (
        <>
          <ExceptionTable
            exceptions={shown}
            openId={openId}
            href={href}
            selected={canWrite ? selection.ids : undefined}
            onSelect={selection.change}
            sort={sort}
            onSort={(next) => setFilters({ sort: next as typeof sort })}
          />
          <Pager
            count={shown.length}
            unit="exception"
            cursor={cursor}
            nextCursor={page.nextCursor}
            onChange={(next) => setFilters({ cursor: next })}
          />
        </>
      )}
    </>
  );
}

function NoExceptions({ onClear }: { readonly onClear: (() => void) | undefined }) {
  if (onClear === undefined) {
    return (
      <EmptyState icon="check" title="Nothing is left to do">
        Exceptions that an ingest raises appear here until they are resolved.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon="search"
      title="No exception matches these filters"
      action={<Button onClick={onClear}>Clear filters</Button>}
    />
  );
}
