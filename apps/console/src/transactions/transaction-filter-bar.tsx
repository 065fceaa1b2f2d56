import type { ChangesOf } from "../app/query-string.ts";
import { LinkedFilterToggles } from "../cases/linked-filter-toggles.tsx";
import { DATED } from "../cases/linked-filters.ts";
import type { ActiveFilter } from "../ui/active-filters.ts";
import { FilterBar } from "../ui/filter-bar.tsx";
import { FILTER_BAR, type TRANSACTION_FILTERS, type TransactionFilters } from "./filters.ts";
import { TransactionFields } from "./transaction-fields.tsx";

/** Searches by reference, and narrows the list. A click on the days or the currency of a link removes them. */
export function TransactionFilterBar({
  contextId,
  filters,
  active,
  onChange,
}: {
  readonly contextId: string;
  readonly filters: TransactionFilters;
  readonly active: readonly ActiveFilter[];
  readonly onChange: (changes: ChangesOf<typeof TRANSACTION_FILTERS>) => void;
}) {
  return (
    <FilterBar filters={FILTER_BAR} values={filters} active={active} onChange={onChange}>
      <TransactionFields contextId={contextId} filters={filters} onChange={onChange} />
      <LinkedFilterToggles filters={filters} days={DATED} onChange={onChange} />
    </FilterBar>
  );
}
