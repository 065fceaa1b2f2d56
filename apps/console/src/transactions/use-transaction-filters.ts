import { useSources } from "../data/queries.ts";
import type { ActiveFilter } from "../ui/active-filters.ts";
import type { TransactionFieldValues } from "./transaction-fields.tsx";

/** The filters that are set by the fields about a transaction. */
export function useTransactionFilters(
  contextId: string,
  { sourceId, externalId }: TransactionFieldValues,
): readonly ActiveFilter[] {
  const { data: sources = [] } = useSources(contextId);
  const source = sources.find(({ id }) => id === sourceId)?.name ?? "unknown";
  return [
    ...(externalId === undefined
      ? []
      : [{ label: `Reference: ${externalId}`, names: ["externalId"] }]),
    ...(sourceId === undefined ? [] : [{ label: `Source: ${source}`, names: ["sourceId"] }]),
  ];
}
