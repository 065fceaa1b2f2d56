import type { CallOptions } from "./transport/options.ts";
import type { Query } from "./transport/request.ts";
import type { Transport } from "./transport/transport.ts";

/** One page of a list (docs/api.md §1, Lists). */
export type Page<T> = {
  readonly items: readonly T[];
  /** Present when `hasMore` is true. */
  readonly nextCursor?: string;
  readonly limit: number;
  readonly hasMore: boolean;
};

/** A list: iterate over all its items, page after page, or fetch one page. */
export type Listing<T> = AsyncIterable<T> & {
  /** One page: the first, or the one that begins at `cursor`. */
  readonly page: (cursor?: string) => Promise<Page<T>>;
};

/** The largest page that the API serves. */
const PAGE_SIZE = 200;

export function createListing<T>(
  { json }: Transport,
  path: string,
  query: Query & { readonly limit?: number; readonly cursor?: string },
  options?: CallOptions,
): Listing<T> {
  const fetchPage = (changes: Query): Promise<Page<T>> =>
    json({ method: "GET", path, query: { ...query, ...changes }, options });
  return {
    page: (cursor) => fetchPage(cursor === undefined ? {} : { cursor }),
    async *[Symbol.asyncIterator]() {
      const limit = query.limit ?? PAGE_SIZE;
      let { cursor } = query;
      do {
        const page = await fetchPage({ limit, cursor });
        yield* page.items;
        cursor = page.nextCursor;
      } while (cursor !== undefined);
    },
  };
}
