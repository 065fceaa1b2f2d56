import type { ChangesOf } from "../app/query-string.ts";
import { Toggle } from "../cases/toggle.tsx";
import { FilterBar } from "../ui/filter-bar.tsx";
import {
  daysLabel,
  FILTER_BAR,
  NO_FILTER,
  type TRANSACTION_FILTERS,
  type TransactionFilters,
} from "./filters.ts";
import { ReferenceSearch } from "./reference-search.tsx";
import { SourceFilter } from "./source-filter.tsx";

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
  const { sourceId, externalId, currency } = filters;
  const days = daysLabel(filters);
  return (
    <FilterBar
      filters={FILTER_BAR}
      values={filters}
      clears={Object.keys(NO_FILTER)}
      onChange={onChange}
    >
      <ReferenceSearch
        externalId={externalId}
        onChange={(next) => onChange({ externalId: next })}
      />
      <SourceFilter
        contextId={contextId}
        sourceId={sourceId}
        onChange={(next) => onChange({ sourceId: next })}
      />
      {days !== undefined && (
        <Toggle
          label={days}
          isOn
          onChange={() => onChange({ dateFrom: undefined, dateTo: undefined })}
        />
      )}
      {currency !== undefined && (
        <Toggle label={`In ${currency}`} isOn onChange={() => onChange({ currency: undefined })} />
      )}
    </FilterBar>
  );
}
