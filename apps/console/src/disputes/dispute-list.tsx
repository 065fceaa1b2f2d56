import { contextPath } from "../app/paths.ts";
import { writeState } from "../app/query-string.ts";
import { useUrlState } from "../app/url-state.ts";
import { LinkedFilterToggles } from "../cases/linked-filter-toggles.tsx";
import { WorkToggles } from "../cases/work-toggles.tsx";
import { Button } from "../ui/button.tsx";
import { FilterBar } from "../ui/filter-bar.tsx";
import { useHeldRows } from "../ui/held-rows.ts";
import { NewRows } from "../ui/new-rows.tsx";
import { Pager } from "../ui/pager.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { EmptyState, Problem } from "../ui/states.tsx";
import { useSearch } from "wouter";
import { DisputeTable } from "./dispute-table.tsx";
import { DISPUTE_FILTERS, FILTER_BAR } from "./filters.ts";
import { useDisputes } from "./queries.ts";
import { StateTabs } from "./tabs.tsx";
import { ACTIVE_STATES } from "./words.ts";

const NO_FILTER = {
  category: undefined,
  assignedTo: undefined,
  unassigned: undefined,
  overdue: undefined,
  respondBefore: undefined,
  exceptionId: undefined,
};

/** The disputes of one state, those to respond to first. */
export function DisputeList({
  contextId,
  openId,
  href,
}: {
  readonly contextId: string;
  readonly openId: string | undefined;
  readonly href: (disputeId: string) => string;
}) {
  const search = useSearch();
  const [filters, setFilters] = useUrlState(DISPUTE_FILTERS);
  const { cursor, state = ACTIVE_STATES, sort = "respondBy" } = filters;
  const query = { contextId, ...filters, state, sort };
  const { data: page, error, isPending, isPlaceholderData, refetch } = useDisputes(query);
  const { shown, held, show } = useHeldRows(
    page?.items ?? [],
    // The rows of the filters before are shown until the new ones arrive.
    JSON.stringify([filters, isPlaceholderData]),
    ({ id }) => id,
  );
  const isFiltered = Object.keys(NO_FILTER).some((name) => name in filters);
  const tabHref = (states: typeof filters.state): string =>
    contextPath(contextId, "disputes") + writeState(DISPUTE_FILTERS, search, { state: states });
  return (
    <>
      <StateTabs states={state} href={tabHref} />
      <FilterBar
        filters={FILTER_BAR}
        values={filters}
        clears={Object.keys(NO_FILTER)}
        onChange={setFilters}
      >
        <WorkToggles filters={filters} onChange={setFilters} />
        <LinkedFilterToggles filters={filters} onChange={setFilters} />
      </FilterBar>
      {isPending && <Skeleton />}
      {error !== null && page === undefined && (
        <Problem error={error} retry={() => void refetch()} />
      )}
      {page?.items.length === 0 && (
        <NoDisputes onClear={isFiltered ? () => setFilters(NO_FILTER) : undefined} />
      )}
      <NewRows count={held} onShow={show} />
      {page !== undefined && shown.length > 0 && (
        <>
          <DisputeTable
            disputes={shown}
            openId={openId}
            href={href}
            sort={sort}
            onSort={(next) => setFilters({ sort: next as typeof sort })}
          />
          <Pager
            count={shown.length}
            unit="dispute"
            cursor={cursor}
            nextCursor={page.nextCursor}
            onChange={(next) => setFilters({ cursor: next })}
          />
        </>
      )}
    </>
  );
}

function NoDisputes({ onClear }: { readonly onClear: (() => void) | undefined }) {
  if (onClear === undefined) {
    return (
      <EmptyState icon="scale" title="No disputes here">
        Open one from an exception: choose a charge that is wrong, and contest it.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon="search"
      title="No dispute of this list matches the filters"
      action={<Button onClick={onClear}>Clear filters</Button>}
    />
  );
}
