import { useSources } from "../data/queries.ts";
import { Select } from "../ui/select.tsx";

const ALL = "";

/** Narrows a list to the transactions of one source. */
export function SourceFilter({
  contextId,
  sourceId,
  onChange,
}: {
  readonly contextId: string;
  readonly sourceId: string | undefined;
  readonly onChange: (sourceId: string | undefined) => void;
}) {
  const { data: sources = [] } = useSources(contextId);
  return (
    <Select
      className="select--filter"
      label="Source"
      options={[
        { value: ALL, label: "All sources" },
        ...sources.map(({ id, name }) => ({ value: id, label: name })),
      ]}
      value={sourceId ?? ALL}
      onChange={(id) => onChange(id === ALL ? undefined : id)}
    />
  );
}
