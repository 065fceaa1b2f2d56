import { useRef, type ReactNode } from "react";

import { useShortcuts } from "./shortcuts.ts";
import {
  activeFilters,
  chosenValues,
  removal,
  type ActiveFilter,
  type Filter,
  type FilterValues,
} from "./active-filters.ts";
import { Button } from "./button.tsx";
import "./filter-bar.css";
import { MultiSelect } from "./select.tsx";

/** The filters above a list. `/` goes to the first. */
export function FilterBar({
  filters,
  values,
  active = activeFilters(filters, values),
  onChange,
  children,
}: {
  readonly filters: readonly Filter[];
  readonly values: FilterValues;
  /** What "Clear filters" clears. Default: the filters. */
  readonly active?: readonly ActiveFilter[];
  readonly onChange: (changes: Record<string, readonly string[] | undefined>) => void;
  /** Further fields, such as a search. */
  readonly children?: ReactNode;
}) {
  const bar = useRef<HTMLDivElement>(null);
  const focusFirst = (): void =>
    bar.current?.querySelector<HTMLElement>("input, select, button")?.focus();
  useShortcuts([{ keys: "/", label: "Go to the filters", run: focusFirst }]);
  return (
    <div className="filter-bar" role="search" aria-label="Filters" ref={bar}>
      {children}
      {filters.map(({ name, label, options }) => (
        <MultiSelect
          key={name}
          label={label}
          options={options}
          value={chosenValues(values, name)}
          onChange={(next) => onChange({ [name]: next.length === 0 ? undefined : next })}
        />
      ))}
      {active.length > 0 && (
        <Button look="quiet" size="small" onClick={() => onChange(removal(active))}>
          Clear filters
        </Button>
      )}
    </div>
  );
}
