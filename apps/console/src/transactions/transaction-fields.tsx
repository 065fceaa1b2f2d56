import { ReferenceSearch } from "./reference-search.tsx";
import { SourceFilter } from "./source-filter.tsx";

/** What a list has of its filters about a transaction. */
export type TransactionFieldValues = {
  readonly sourceId?: string | undefined;
  readonly externalId?: string | undefined;
};

/** The fields that narrow a list by its transactions: the reference and the source. */
export function TransactionFields({
  contextId,
  filters: { sourceId, externalId },
  onChange,
}: {
  readonly contextId: string;
  readonly filters: TransactionFieldValues;
  readonly onChange: (changes: TransactionFieldValues) => void;
}) {
  return (
    <>
      <ReferenceSearch
        externalId={externalId}
        onChange={(next) => onChange({ externalId: next })}
      />
      <SourceFilter
        contextId={contextId}
        sourceId={sourceId}
        onChange={(next) => onChange({ sourceId: next })}
      />
    </>
  );
}
