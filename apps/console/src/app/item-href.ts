import { useSearch } from "wouter";

import { contextPath } from "./paths.ts";

/** Links to an area of a context, or to one of its items, that keep the query of the page. */
export function useItemHref(contextId: string, area: string): (itemId?: string) => string {
  const search = useSearch();
  return (itemId) => `${contextPath(contextId, area, itemId)}${search === "" ? "" : `?${search}`}`;
}
