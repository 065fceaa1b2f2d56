/** The most bytes of JSON that the data of an event has (docs/api.md §9). */
const MAX_DATA_BYTES = 20_000;

/** The most characters of each text, tried in turn. */
const TEXT_LENGTHS = [2_000, 500, 100, 20];

/** The data itself if it is small enough; otherwise with its longest texts cut and `truncated: true`. */
export function shortened(data: object): object {
  if (fits(data)) return data;
  for (const length of TEXT_LENGTHS) {
    const cut = { ...(cutTexts(data, length) as object), truncated: true };
    if (fits(cut)) return cut;
  }
  return { truncated: true };
}

const fits = (data: object): boolean => Buffer.byteLength(JSON.stringify(data)) <= MAX_DATA_BYTES;

function cutTexts(value: unknown, length: number): unknown {
  if (typeof value === "string") return cutText(value, length);
  if (Array.isArray(value)) return value.map((item) => cutTexts(item, length));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, cutTexts(member, length)]),
  );
}

/** Cuts between code points: Postgres refuses half of a surrogate pair in JSON. Identifiers and instants stay whole. */
function cutText(text: string, length: number): string {
  if (text.length <= Math.max(length, 64)) return text;
  const end = /[\uD800-\uDBFF]/.test(text[length - 1]!) ? length - 1 : length;
  return `${text.slice(0, end)}…`;
}
