/**
 * JSON in the canonical form of RFC 8785: no white space, members sorted by the UTF-16 code units of their names, numbers and strings
 * as ECMAScript writes them. `value` must be JSON, such as `JSON.parse` returns; members that are undefined are left out.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  // The default order of sort() is by code units. An object with sorted members would have those with a numeric name first.
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(",")}}`;
}
