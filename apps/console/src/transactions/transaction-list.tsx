import type { ChangesOf } from "../app/query-string.ts";
import { Button } from "../ui/button.tsx";
import { useHeldRows } from "../ui/held-rows.ts";
import { NewRows } from "../ui/new-rows.tsx";
import { Pager } from "../ui/pager.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { EmptyState, Problem } from "../ui/states.tsx";
import { NO_FILTER, type TRANSACTION_FILTERS, type TransactionFilters } from "./filters.ts";
import type { useTransactions } from "./queries.ts";
import { TransactionFilterBar } from "./transaction-filter-bar.tsx";
import { TransactionTable } from "./transaction-table.tsx";

/** One page of transactions with their filters, newest date first. */
export function TransactionList({
  contextId,
  filters,
  onFilters,
  page: { data: page, error, isPending, isPlaceholderData, refetch },
  sourceNames,
  openId,
  href,
}: {
  readonly contextId: string;
  readonly filters: TransactionFilters;
  readonly onFilters: (changes: ChangesOf<typeof TRANSACTION_FILTERS>) => void;
  readonly page: ReturnType<typeof useTransactions>;
  readonly sourceNames: ReadonlyMap<string, string>;
  readonly openId: string | undefined;
  readonly href: (transactionId: string) => string;
}) {
  // The rows of the filters before are shown until the new ones arrive.
  const listKey = JSON.stringify([filters, isPlaceholderData]);
  const { shown, held, show } = useHeldRows(page?.items ?? [], listKey, ({ id }) => id);
  const isFiltered = Object.keys(NO_FILTER).some((name) => name in filters);
  return (
    <>
      <TransactionFilterBar contextId={contextId} filters={filters} onChange={onFilters} />
      {isPending && <Skeleton />}
      {error !== null && page === undefined && (
        <Problem error={error} retry={() => void refetch()} />
      )}
      {page?.items.length === 0 && (
        <NoTransactions onClear={isFiltered ? () => onFilters(NO_FILTER) : undefined} />
      )}
      <NewRows count={held} onShow={show} />
      {page !== undefined && shown.length > 0 && (
        <>
          <TransactionTable
            transactions={shown}
            sourceNames={sourceNames}
            openId={openId}
            href={href}
          />
          <Pager
            count={shown.length}
            unit="transaction"
            cursor={filters.cursor}
            nextCursor={page.nextCursor}
            onChange={(cursor) => onFilters({ cursor })}
          />
        </>
      )}
    </>
  );
}

function NoTransactions({ onClear }: { readonly onClear: (() => void) | undefined }) {
  if (onClear === undefined) {
    return (
      <EmptyState icon="file" title="No transactions yet">
        Load a file in Data, or send records with the API.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon="search"
      title="No transaction matches these filters"
      action={<Button onClick={onClear}>Clear filters</Button>}
    />
  );
}
