import { DocketError } from "@docket/domain";

type Days = { readonly dateFrom?: string; readonly dateTo?: string };

/**
 * The same filters always in the same words, so that a cursor fits them however they were written.
 *
 * @throws DocketError `bad_request` when the range of days is reversed.
 */
export function canonical<Filters extends Days>(filters: Filters): Filters {
  const { dateFrom, dateTo } = filters;
  if (dateFrom !== undefined && dateTo !== undefined && dateFrom > dateTo) {
    const detail = `dateFrom (${dateFrom}) must not be after dateTo (${dateTo})`;
    throw new DocketError("bad_request", `${detail}.`, { errors: [{ field: "dateFrom", detail }] });
  }
  const sorted = Object.entries(filters).map(([name, value]) => [
    name,
    Array.isArray(value) ? [...new Set(value as string[])].toSorted() : value,
  ]);
  return Object.fromEntries(sorted) as Filters;
}
