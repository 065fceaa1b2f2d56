import type { ChangesOf, StateOf } from "../app/query-string.ts";
import { LinkedFilterToggles } from "../cases/linked-filter-toggles.tsx";
import { WorkToggles } from "../cases/work-toggles.tsx";
import { FilterBar } from "../ui/filter-bar.tsx";
import { Select } from "../ui/select.tsx";
import { FILTER_BAR, type EXCEPTION_FILTERS } from "./filters.ts";
import { useSources } from "./queries.ts";

type Filters = StateOf<typeof EXCEPTION_FILTERS>;
type Changes = ChangesOf<typeof EXCEPTION_FILTERS>;

const ALL = "";

/** Searches by reference, and narrows the list. */
export function ExceptionFilterBar({
  contextId,
  filters,
  onChange,
}: {
  readonly contextId: string;
  readonly filters: Filters;
  readonly onChange: (changes: Changes) => void;
}) {
  const { data: sources = [] } = useSources(contextId);
  const { sourceId, externalId } = filters;
  return (
    <FilterBar filters={FILTER_BAR} values={filters} onChange={onChange}>
      <ReferenceSearch
        key={externalId}
        value={externalId ?? ""}
        onSearch={(text) => onChange({ externalId: text === "" ? undefined : text })}
      />
      <Select
        className="select--filter"
        label="Source"
        options={[
          { value: ALL, label: "All sources" },
          ...sources.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        value={sourceId ?? ALL}
        onChange={(id) => onChange({ sourceId: id === ALL ? undefined : id })}
      />
      <WorkToggles filters={filters} onChange={onChange} />
      <LinkedFilterToggles filters={filters} onChange={onChange} />
    </FilterBar>
  );
}

/** The exact reference of a transaction, sent by Enter. */
function ReferenceSearch({
  value,
  onSearch,
}: {
  readonly value: string;
  readonly onSearch: (text: string) => void;
}) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const given = new FormData(event.currentTarget).get("reference");
        onSearch(typeof given === "string" ? given.trim() : "");
      }}
    >
      <input
        type="search"
        name="reference"
        className="input exceptions__search"
        aria-label="Reference of a transaction"
        placeholder="Reference"
        defaultValue={value}
        maxLength={255}
        dir="auto"
      />
    </form>
  );
}
