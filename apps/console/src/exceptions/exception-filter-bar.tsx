import type { ChangesOf, StateOf } from "../app/query-string.ts";
import { LinkedFilterToggles } from "../cases/linked-filter-toggles.tsx";
import { WorkToggles } from "../cases/work-toggles.tsx";
import { TransactionFields } from "../transactions/transaction-fields.tsx";
import type { ActiveFilter } from "../ui/active-filters.ts";
import { FilterBar } from "../ui/filter-bar.tsx";
import { FILTER_BAR, type EXCEPTION_FILTERS } from "./filters.ts";

type Filters = StateOf<typeof EXCEPTION_FILTERS>;
type Changes = ChangesOf<typeof EXCEPTION_FILTERS>;

/** Searches by reference, and narrows the list. */
export function ExceptionFilterBar({
  contextId,
  filters,
  active,
  onChange,
}: {
  readonly contextId: string;
  readonly filters: Filters;
  readonly active: readonly ActiveFilter[];
  readonly onChange: (changes: Changes) => void;
}) {
  return (
    <FilterBar filters={FILTER_BAR} values={filters} active={active} onChange={onChange}>
      <TransactionFields contextId={contextId} filters={filters} onChange={onChange} />
      <WorkToggles filters={filters} onChange={onChange} />
      <LinkedFilterToggles filters={filters} onChange={onChange} />
    </FilterBar>
  );
}
