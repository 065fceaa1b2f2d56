/** The parameters of a link: an array appears once for each value, and what is undefined not at all. */
export type LinkQuery = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** The path of an area of a context, of one of its items with `itemId`. */
export function contextPath(contextId: string, area: string, itemId?: string): string {
  const path = `/contexts/${encodeURIComponent(contextId)}/${area}`;
  return itemId === undefined ? path : `${path}/${encodeURIComponent(itemId)}`;
}

/** The path of an area that is the same in all contexts. */
export const tenantPath = (area: string, itemId?: string): string =>
  itemId === undefined ? `/${area}` : `/${area}/${encodeURIComponent(itemId)}`;

/** A path with a query. */
export function withQuery(path: string, query: LinkQuery): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined) parameters.append(name, String(each));
    }
  }
  return parameters.size === 0 ? path : `${path}?${parameters.toString()}`;
}
