import { useSearch } from "wouter";

import { contextPath } from "../app/paths.ts";
import { writeState } from "../app/query-string.ts";
import { useUrlState } from "../app/url-state.ts";
import { LinkedFilterToggles } from "../cases/linked-filter-toggles.tsx";
import { useCaseFilters } from "../cases/use-case-filters.ts";
import { WorkToggles } from "../cases/work-toggles.tsx";
import { activeFilters } from "../ui/active-filters.ts";
import { FilterBar } from "../ui/filter-bar.tsx";
import { ListPage, useListRows } from "../ui/list-page.tsx";
import { EmptyState } from "../ui/states.tsx";
import { DisputeTable } from "./dispute-table.tsx";
import { DISPUTE_FILTERS, FILTER_BAR } from "./filters.ts";
import { useDisputes } from "./queries.ts";
import { StateTabs } from "./tabs.tsx";
import { ACTIVE_STATES } from "./words.ts";

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
  const list = useListRows(useDisputes({ contextId, ...filters, state, sort }), filters);
  const active = [...activeFilters(FILTER_BAR, filters), ...useCaseFilters(filters)];
  const tabHref = (states: typeof filters.state): string =>
    contextPath(contextId, "disputes") + writeState(DISPUTE_FILTERS, search, { state: states });
  return (
    <>
      <StateTabs states={state} href={tabHref} />
      <FilterBar filters={FILTER_BAR} values={filters} active={active} onChange={setFilters}>
        <WorkToggles filters={filters} onChange={setFilters} />
        <LinkedFilterToggles filters={filters} onChange={setFilters} />
      </FilterBar>
      <ListPage
        list={list}
        unit="dispute"
        active={active}
        cursor={cursor}
        onChange={setFilters}
        empty={
          <EmptyState icon="scale" title="No disputes here">
            Open one from an exception: choose a charge that is wrong, and contest it.
          </EmptyState>
        }
      >
        <DisputeTable
          disputes={list.shown}
          openId={openId}
          href={href}
          sort={sort}
          onSort={(next) => setFilters({ sort: next as typeof sort })}
        />
      </ListPage>
    </>
  );
}
