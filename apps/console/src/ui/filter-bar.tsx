import { useRef, type ReactNode } from "react";

import { useShortcuts } from "./shortcuts.ts";
import { Button } from "./button.tsx";
import "./filter-bar.css";
import { MultiSelect, type Option } from "./select.tsx";

/** A filter that takes some of a few values. */
export type Filter = {
  readonly name: string;
  readonly label: string;
  readonly options: readonly Option<string>[];
};

/** The filters above a list. `/` goes to the first. */
export function FilterBar({
  filters,
  values,
  clears = filters.map(({ name }) => name),
  onChange,
  children,
}: {
  readonly filters: readonly Filter[];
  /** What is chosen, by name. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The names that "Clear filters" clears. Default: those of the filters. */
  readonly clears?: readonly string[];
  readonly onChange: (changes: Record<string, readonly string[] | undefined>) => void;
  /** Further fields, such as a search. */
  readonly children?: ReactNode;
}) {
  const bar = useRef<HTMLDivElement>(null);
  const focusFirst = (): void =>
    bar.current?.querySelector<HTMLElement>("input, select, button")?.focus();
  useShortcuts([{ keys: "/", label: "Go to the filters", run: focusFirst }]);
  const used = clears.filter((name) => values[name] !== undefined);
  const clear = (): void => onChange(Object.fromEntries(used.map((name) => [name, undefined])));
  return (
    <div className="filter-bar" role="search" aria-label="Filters" ref={bar}>
      {children}
      {filters.map(({ name, label, options }) => (
        <MultiSelect
          key={name}
          label={label}
          options={options}
          value={chosen(values, name)}
          onChange={(next) => onChange({ [name]: next.length === 0 ? undefined : next })}
        />
      ))}
      {used.length > 0 && (
        <Button look="quiet" size="small" onClick={clear}>
          Clear filters
        </Button>
      )}
    </div>
  );
}

const chosen = (values: Readonly<Record<string, unknown>>, name: string): readonly string[] => {
  const value = values[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
};
