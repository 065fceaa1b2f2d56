import type { Page } from "@docket/client";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";

import type { ActiveFilter } from "./active-filters.ts";
import { useHeldRows } from "./held-rows.ts";
import { NewRows } from "./new-rows.tsx";
import { NoMatch } from "./no-match.tsx";
import { Outdated } from "./outdated.tsx";
import { Pager } from "./pager.tsx";
import { Skeleton } from "./skeleton.tsx";
import { Problem } from "./states.tsx";

type Row = { readonly id: string };

/** The rows of a page that show, and those that are held back. `isOwn`: rows that the person has caused. */
export function useListRows<T extends Row>(
  query: UseQueryResult<Page<T>>,
  filters: object,
  isOwn?: (row: T) => boolean,
) {
  // The rows of the filters before are shown until the new ones arrive.
  const key = JSON.stringify([filters, query.isPlaceholderData]);
  const rows = useHeldRows(query.data?.items ?? [], key, ({ id }) => id, isOwn);
  return { query, key, ...rows };
}

type Changes = Readonly<Record<string, undefined>> | { readonly cursor: string | undefined };

/** A page of a list with its states, below its filters: loading, failed, empty, and the table between new rows and the pager. */
export function ListPage<T extends Row>({
  list: { query, shown, held, show },
  unit,
  active,
  cursor,
  onChange,
  empty,
  children,
}: {
  readonly list: ReturnType<typeof useListRows<T>>;
  /** What a row is, such as "export". */
  readonly unit: string;
  readonly active: readonly ActiveFilter[];
  readonly cursor: string | undefined;
  readonly onChange: (changes: Changes) => void;
  /** For a list that is empty without any filter. */
  readonly empty: ReactNode;
  /** The table. */
  readonly children: ReactNode;
}) {
  const { data: page, error, isPending, isPlaceholderData, refetch } = query;
  const isEmpty = page?.items.length === 0;
  const isLoading = isPending || (isEmpty && isPlaceholderData);
  return (
    <>
      {isLoading && <Skeleton />}
      {error !== null && page === undefined && (
        <Problem error={error} retry={() => void refetch()} />
      )}
      {isEmpty && !isLoading && active.length === 0 && empty}
      {isEmpty && !isLoading && active.length > 0 && (
        <NoMatch
          title={`No ${unit} matches ${active.length === 1 ? "this filter" : "these filters"}`}
          active={active}
          onChange={onChange}
        />
      )}
      <NewRows count={held} onShow={show} />
      {page !== undefined && shown.length > 0 && (
        <Outdated isOutdated={isPlaceholderData}>
          {children}
          <Pager
            count={shown.length}
            unit={unit}
            cursor={cursor}
            nextCursor={page.nextCursor}
            onChange={(next) => onChange({ cursor: next })}
          />
        </Outdated>
      )}
    </>
  );
}
