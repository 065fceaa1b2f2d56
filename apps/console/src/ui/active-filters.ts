import type { Option } from "./select.tsx";

/** A filter that takes some of a few values. */
export type Filter = {
  readonly name: string;
  readonly label: string;
  readonly options: readonly Option<string>[];
};

/** A filter that is set, in words, and the names of its parameters. */
export type ActiveFilter = { readonly label: string; readonly names: readonly string[] };

/** What is chosen, by name. */
export type FilterValues = Readonly<Record<string, unknown>>;

/** The values that are chosen of a filter. */
export function chosenValues(values: FilterValues, name: string): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

/** Those of the filters that are set. */
export const activeFilters = (
  filters: readonly Filter[],
  values: FilterValues,
): readonly ActiveFilter[] =>
  filters.flatMap(({ name, label, options }) => {
    const chosen = chosenValues(values, name);
    const labels = options.filter(({ value }) => chosen.includes(value)).map((each) => each.label);
    return labels.length === 0 ? [] : [{ label: `${label}: ${labels.join(", ")}`, names: [name] }];
  });

/** The change that removes filters. */
export const removal = (filters: readonly ActiveFilter[]): Readonly<Record<string, undefined>> =>
  Object.fromEntries(filters.flatMap(({ names }) => names).map((name) => [name, undefined]));
