import type { Transaction } from "@docket/client";

import type { ChangesOf } from "../app/query-string.ts";
import { DATED } from "../cases/linked-filters.ts";
import { useCaseFilters } from "../cases/use-case-filters.ts";
import { activeFilters } from "../ui/active-filters.ts";
import { ListPage, useListRows } from "../ui/list-page.tsx";
import { EmptyState } from "../ui/states.tsx";
import { FILTER_BAR, type TRANSACTION_FILTERS, type TransactionFilters } from "./filters.ts";
import type { useTransactions } from "./queries.ts";
import { TransactionFilterBar } from "./transaction-filter-bar.tsx";
import { TransactionTable } from "./transaction-table.tsx";
import { useTransactionFilters } from "./use-transaction-filters.ts";

/** One page of transactions with their filters, newest date first. */
export function TransactionList({
  contextId,
  filters,
  onFilters,
  page,
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
  readonly href: (transaction: Transaction) => string;
}) {
  const list = useListRows(page, filters);
  const active = [
    ...activeFilters(FILTER_BAR, filters),
    ...useTransactionFilters(contextId, filters),
    ...useCaseFilters(filters, DATED),
  ];
  return (
    <>
      <TransactionFilterBar
        contextId={contextId}
        filters={filters}
        active={active}
        onChange={onFilters}
      />
      <ListPage
        list={list}
        unit="transaction"
        active={active}
        cursor={filters.cursor}
        onChange={onFilters}
        empty={
          <EmptyState icon="file" title="No transactions yet">
            Load a file in Data, or send records with the API.
          </EmptyState>
        }
      >
        <TransactionTable
          transactions={list.shown}
          sourceNames={sourceNames}
          openId={openId}
          href={href}
        />
      </ListPage>
    </>
  );
}
