import { useState } from "react";

import { useUrlState } from "../app/url-state.ts";
import { useKeptFocus } from "../cases/use-kept-focus.ts";
import { useAllowed } from "../session/session-context.tsx";
import { Button } from "../ui/button.tsx";
import { Pager } from "../ui/pager.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { EmptyState, Problem } from "../ui/states.tsx";
import { BulkBar } from "./bulk/bulk-bar.tsx";
import { BulkDialog, type Bulk } from "./bulk/bulk-dialog.tsx";
import { ExceptionFilterBar } from "./exception-filter-bar.tsx";
import { ExceptionTable } from "./exception-table.tsx";
import { DEFAULT_SORT, DEFAULT_STATUSES, EXCEPTION_FILTERS, NO_FILTER } from "./filters.ts";
import { useExceptions } from "./queries.ts";

const NOTHING: ReadonlySet<string> = new Set();

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
  const [selected, setSelected] = useState(NOTHING);
  const [bulk, setBulk] = useState<Bulk>();
  useKeptFocus(".data-table");
  const [filters, setFilters] = useUrlState(EXCEPTION_FILTERS);
  const { cursor, status = DEFAULT_STATUSES, sort = DEFAULT_SORT } = filters;
  const query = { contextId, ...filters, status, sort };
  const { data: page, error, isPending, refetch } = useExceptions(query);
  const isFiltered = Object.keys(NO_FILTER).some((name) => name in filters);
  const shown = page?.items ?? [];
  // What is not in sight is not selected.
  const chosen = shown.filter(({ id }) => selected.has(id));
  return (
    <>
      {chosen.length > 0 ? (
        <BulkBar
          count={chosen.length}
          onAction={(action) => setBulk({ action, exceptions: chosen })}
          onClear={() => setSelected(NOTHING)}
        />
      ) : (
        <ExceptionFilterBar contextId={contextId} filters={filters} onChange={setFilters} />
      )}
      <BulkDialog
        bulk={bulk}
        onClose={() => setBulk(undefined)}
        onApplied={() => setSelected(NOTHING)}
      />
      {isPending && <Skeleton />}
      {error !== null && <Problem error={error} retry={() => void refetch()} />}
      {page?.items.length === 0 && (
        <NoExceptions onClear={isFiltered ? () => setFilters(NO_FILTER) : undefined} />
      )}
      {page !== undefined && shown.length > 0 && (
        <>
          <ExceptionTable
            exceptions={shown}
            openId={openId}
            href={href}
            selected={canWrite ? selected : undefined}
            onSelect={setSelected}
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
