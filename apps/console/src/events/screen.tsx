import type { EventHead } from "@docket/client";
import { useState } from "react";
import { useSearch } from "wouter";

import type { ScreenProps } from "../app/area.ts";
import { tenantPath } from "../app/paths.ts";
import { Screen } from "../app/screen.tsx";
import { useUrlState } from "../app/url-state.ts";
import { activeFilters, type ActiveFilter } from "../ui/active-filters.ts";
import { Button } from "../ui/button.tsx";
import { formatCount, formatUnit } from "../ui/format.ts";
import { FilterBar } from "../ui/filter-bar.tsx";
import { NoMatch } from "../ui/no-match.tsx";
import { ListWithPanel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { EmptyState, Problem } from "../ui/states.tsx";
import { EventPanel } from "./event-panel.tsx";
import { EventTable } from "./event-table.tsx";
import "./events.css";
import { EVENT_FILTERS, FILTER_BAR } from "./filters.ts";
import { ChainHead } from "./chain-head.tsx";
import { useEvents, useHead } from "./queries.ts";

/** The feed of events, newest first. */
export function EventsScreen({ itemId }: ScreenProps) {
  const search = useSearch();
  const query = search === "" ? "" : `?${search}`;
  const closeHref = `${tenantPath("events")}${query}`;
  const seq = /^\d{1,15}$/.test(itemId ?? "") ? Number(itemId) : undefined;
  return (
    <Screen title="Events" action={<ChainHead />}>
      <ListWithPanel
        openKey={itemId}
        list={<Feed openId={itemId} query={query} />}
        panel={itemId !== undefined && <EventPanel key={itemId} seq={seq} closeHref={closeHref} />}
      />
    </Screen>
  );
}

type FeedProps = { readonly openId: string | undefined; readonly query: string };

function Feed(props: FeedProps) {
  const { data: head, error, refetch } = useHead();
  if (head !== undefined) return <FeedFrom {...props} head={head} />;
  if (error !== null) return <Problem error={error} retry={() => void refetch()} />;
  return <Skeleton />;
}

function FeedFrom({ openId, query, head }: FeedProps & { readonly head: EventHead }) {
  const [filters, setFilters] = useUrlState(EVENT_FILTERS);
  const { type, subject, before } = filters;
  // The list stays as it is while events arrive: they wait behind a button.
  const [top, setTop] = useState(head.seq);
  const last = before ?? top;
  const oldest = Math.max(head.oldest.seq, 1);
  const filter = { type, subject };
  const { data: events, error, isPending, first, refetch } = useEvents(last, oldest, filter);
  const active: readonly ActiveFilter[] = [
    ...activeFilters(FILTER_BAR, filters),
    ...(subject === undefined ? [] : [{ label: `Only ${subject}`, names: ["subject"] }]),
  ];
  const newer = before === undefined ? head.seq - top : 0;
  return (
    <>
      <FilterBar filters={FILTER_BAR} values={filters} active={active} onChange={setFilters}>
        {subject !== undefined && (
          <Button size="small" icon="x" onClick={() => setFilters({ subject: undefined })}>
            Only {subject}
          </Button>
        )}
      </FilterBar>
      {newer > 0 && (
        <Button size="small" icon="refresh" onClick={() => setTop(head.seq)}>
          Show {formatUnit(newer, "new event")}
        </Button>
      )}
      {error !== null && events === undefined && (
        <Problem error={error} retry={() => void refetch()} />
      )}
      {isPending && <Skeleton />}
      {events?.length === 0 && last === 0 && (
        <EmptyState icon="pulse" title="Nothing has happened yet">
          Every change of an export, an exception, a dispute or a webhook appears here.
        </EmptyState>
      )}
      {events?.length === 0 && last > 0 && (
        <NoMatch
          title={`None of the events ${formatCount(first)} to ${formatCount(last)} matches`}
          hint="Look at older events, or remove a filter."
          active={active}
          onChange={setFilters}
        />
      )}
      {events !== undefined && events.length > 0 && (
        <EventTable events={events} openId={openId} query={query} />
      )}
      {events !== undefined && (
        <nav className="pager" aria-label="Pages">
          <span className="small secondary">
            {formatUnit(events.length, "event")} of numbers {formatCount(first)} to{" "}
            {formatCount(last)}
          </span>
          <span className="pager__links">
            <Button
              size="small"
              disabled={before === undefined}
              onClick={() => setFilters({ before: undefined })}
            >
              Newest
            </Button>
            <Button
              size="small"
              disabled={first <= oldest}
              onClick={() => setFilters({ before: first - 1 })}
            >
              Older
            </Button>
          </span>
        </nav>
      )}
    </>
  );
}
