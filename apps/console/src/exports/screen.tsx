import { Screen } from "../app/screen.tsx";
import type { ContextScreenProps } from "../app/area.ts";
import { contextPath } from "../app/paths.ts";
import { useUrlState } from "../app/url-state.ts";
import { FilterBar } from "../ui/filter-bar.tsx";
import { ListWithPanel } from "../ui/panel.tsx";
import { Pager } from "../ui/pager.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { EmptyState, Problem } from "../ui/states.tsx";
import { useSearch } from "wouter";
import { ExportPanel } from "./export-panel.tsx";
import { ExportTable } from "./export-table.tsx";
import "./exports.css";
import { EXPORT_FILTERS, FILTER_BAR } from "./filters.ts";
import { useExports } from "./queries.ts";

export function ExportsScreen({ contextId, itemId }: ContextScreenProps) {
  const search = useSearch();
  const href = (jobId?: string): string =>
    `${contextPath(contextId, "exports", jobId)}${search === "" ? "" : `?${search}`}`;
  return (
    <Screen title="Exports">
      <ListWithPanel
        openKey={itemId}
        list={<ExportList contextId={contextId} openId={itemId} href={href} />}
        panel={
          itemId !== undefined && <ExportPanel key={itemId} jobId={itemId} closeHref={href()} />
        }
      />
    </Screen>
  );
}

function ExportList({
  contextId,
  openId,
  href,
}: {
  readonly contextId: string;
  readonly openId: string | undefined;
  readonly href: (jobId: string) => string;
}) {
  const [filters, setFilters] = useUrlState(EXPORT_FILTERS);
  const { cursor } = filters;
  const { data: page, error, isPending, refetch } = useExports({ contextId, ...filters });
  const isFiltered = FILTER_BAR.some(({ name }) => name in filters);
  return (
    <>
      <FilterBar filters={FILTER_BAR} values={filters} onChange={setFilters} />
      {isPending && <Skeleton />}
      {error !== null && <Problem error={error} retry={() => void refetch()} />}
      {page?.items.length === 0 && <NoExports isFiltered={isFiltered} />}
      {page !== undefined && page.items.length > 0 && (
        <>
          <ExportTable jobs={page.items} openId={openId} href={href} />
          <Pager
            count={page.items.length}
            unit="export"
            cursor={cursor}
            nextCursor={page.nextCursor}
            onChange={(next) => setFilters({ cursor: next })}
          />
        </>
      )}
    </>
  );
}

const NoExports = ({ isFiltered }: { readonly isFiltered: boolean }) =>
  isFiltered ? (
    <EmptyState icon="search" title="No export matches these filters">
      Clear a filter to see more.
    </EmptyState>
  ) : (
    <EmptyState icon="download" title="No exports yet">
      Files that you order appear here, and stay for a week.
    </EmptyState>
  );
