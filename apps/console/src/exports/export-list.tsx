import { useUrlState } from "../app/url-state.ts";
import { LinkedFilterToggles } from "../cases/linked-filter-toggles.tsx";
import { useCaseFilters } from "../cases/use-case-filters.ts";
import { useAllowed } from "../session/session-context.tsx";
import { activeFilters } from "../ui/active-filters.ts";
import { Button } from "../ui/button.tsx";
import { FilterBar } from "../ui/filter-bar.tsx";
import { ListPage, useListRows } from "../ui/list-page.tsx";
import { EmptyState } from "../ui/states.tsx";
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
  const canOrder = useAllowed("export-job:write");
  const [filters, setFilters] = useUrlState(EXPORT_FILTERS);
  const list = useListRows(useExports({ contextId, ...filters }), filters, ({ id }) =>
    isOrderedHere(id),
  );
  const active = [...activeFilters(FILTER_BAR, filters), ...useCaseFilters(filters)];
  return (
    <>
      <FilterBar filters={FILTER_BAR} values={filters} active={active} onChange={setFilters}>
        <LinkedFilterToggles filters={filters} onChange={setFilters} />
      </FilterBar>
      <ListPage
        list={list}
        unit="export"
        active={active}
        cursor={filters.cursor}
        onChange={setFilters}
        empty={
          <EmptyState
            icon="download"
            title="No exports yet"
            action={canOrder && <Button onClick={onOrder}>Order export</Button>}
          >
            Files that you order appear here. You can download them until they expire.
          </EmptyState>
        }
      >
        <ExportTable jobs={list.shown} openId={openId} href={href} />
      </ListPage>
    </>
  );
}
