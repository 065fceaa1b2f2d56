import type { ChangesOf } from "../app/query-string.ts";
import { LinkedFilterToggles } from "../cases/linked-filter-toggles.tsx";
import { DATED } from "../cases/linked-filters.ts";
import { FilterBar } from "../ui/filter-bar.tsx";
import {
  FILTER_BAR,
  NO_FILTER,
  type TRANSACTION_FILTERS,
  type TransactionFilters,
} from "./filters.ts";
import { TransactionFields } from "./transaction-fields.tsx";

/** Searches by reference, and narrows the list. A click on the days or the currency of a link removes them. */
export function TransactionFilterBar({
  contextId,
  filters,
  onChange,
}: {
  readonly contextId: string;
  readonly filters: TransactionFilters;
  readonly onChange: (changes: ChangesOf<typeof TRANSACTION_FILTERS>) => void;
}) {
  return (
    <FilterBar
      filters={FILTER_BAR}
      values={filters}
      clears={Object.keys(NO_FILTER)}
      onChange={onChange}
    >
      <TransactionFields contextId={contextId} filters={filters} onChange={onChange} />
      <LinkedFilterToggles filters={filters} days={DATED} onChange={onChange} />
    </FilterBar>
  );
}
