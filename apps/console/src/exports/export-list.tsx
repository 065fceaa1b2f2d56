import { useUrlState } from "../app/url-state.ts";
import { useAllowed } from "../session/session-context.tsx";
import { Button } from "../ui/button.tsx";
import { FilterBar } from "../ui/filter-bar.tsx";
import { useHeldRows } from "../ui/held-rows.ts";
import { NewRows } from "../ui/new-rows.tsx";
import { Pager } from "../ui/pager.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { EmptyState, Problem } from "../ui/states.tsx";
import { ExportTable } from "./export-table.tsx";
import { EXPORT_FILTERS, FILTER_BAR } from "./filters.ts";
import { useExports } from "./queries.ts";
import { isOrderedHere } from "./watched.ts";

/** The exports of a context, newest first, with their filters. */
export function ExportList({
  contextId,
  openId,
  href,
  onOrder,
}: {
  readonly contextId: string;
  readonly openId: string | undefined;
  readonly href: (jobId: string) => string;
  readonly onOrder: () => void;
}) {
  const [filters, setFilters] = useUrlState(EXPORT_FILTERS);
  const exports = useExports({ contextId, ...filters });
  const { data: page, error, isPending, isPlaceholderData, refetch } = exports;
  const { shown, held, show } = useHeldRows(
    page?.items ?? [],
    // The rows of the filters before are shown until the new ones arrive.
    JSON.stringify([filters, isPlaceholderData]),
    ({ id }) => id,
    ({ id }) => isOrderedHere(id),
  );
  const isFiltered = FILTER_BAR.some(({ name }) => name in filters);
  return (
    <>
      <FilterBar filters={FILTER_BAR} values={filters} onChange={setFilters} />
      {isPending && <Skeleton />}
      {error !== null && page === undefined && (
        <Problem error={error} retry={() => void refetch()} />
      )}
      {page?.items.length === 0 && <NoExports isFiltered={isFiltered} onOrder={onOrder} />}
      <NewRows count={held} onShow={show} />
      {page !== undefined && shown.length > 0 && (
        <>
          <ExportTable jobs={shown} openId={openId} href={href} />
          <Pager
            count={shown.length}
            unit="export"
            cursor={filters.cursor}
            nextCursor={page.nextCursor}
            onChange={(cursor) => setFilters({ cursor })}
          />
        </>
      )}
    </>
  );
}

function NoExports({
  isFiltered,
  onOrder,
}: {
  readonly isFiltered: boolean;
  readonly onOrder: () => void;
}) {
  const canOrder = useAllowed("export-job:write");
  if (isFiltered) {
    return (
      <EmptyState icon="search" title="No export matches these filters">
        Clear a filter to see more.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon="download"
      title="No exports yet"
      action={canOrder && <Button onClick={onOrder}>Order export</Button>}
    >
      Files that you order appear here. You can download them until they expire.
    </EmptyState>
  );
}
