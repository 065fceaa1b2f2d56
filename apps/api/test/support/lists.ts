import type request from "supertest";

/** A page in a response. */
export type ListPage<Row> = {
  readonly items: readonly Row[];
  readonly nextCursor?: string;
  readonly hasMore: boolean;
  readonly limit: number;
};

/** Helpers for the list at `path`. */
export function listAt<Row extends { readonly id: string }>(
  get: (path: string) => request.Test,
  path: string,
) {
  const page = async (query = ""): Promise<ListPage<Row>> => {
    const answer = await get(`${path}?${query}`).expect(200);
    return answer.body as ListPage<Row>;
  };

  /** Reads all pages; calls `between` after each one. */
  const walk = async (query: string, between?: () => Promise<unknown>): Promise<Row[]> => {
    const rows: Row[] = [];
    let cursor = "";
    for (;;) {
      const { items, nextCursor, hasMore } = await page(`${query}${cursor}`);
      rows.push(...items);
      expect(hasMore).toBe(nextCursor !== undefined);
      if (nextCursor === undefined) return rows;
      cursor = `&cursor=${nextCursor}`;
      await between?.();
    }
  };

  return {
    page,
    walk,
    refuse: (query: string, status: number) => get(`${path}?${query}`).expect(status),
    /** Checks the order by `key` and then ID, in both directions, across pages. */
    expectSorted: async (sort: string, key: (row: Row) => string | number): Promise<void> => {
      const sorted = (await walk("limit=200")).toSorted(
        (a, b) => compare(key(a), key(b)) || compare(a.id, b.id),
      );
      expect(await walk(`limit=3&sort=${sort}`)).toEqual(sorted);
      expect(await walk(`limit=1&sort=-${sort}`)).toEqual(sorted.toReversed());
    },
    /** Checks that every row that existed at the start is read once and in order while `add` adds others. */
    expectStable: async (sort: string, add: () => Promise<unknown>): Promise<void> => {
      const before = (await walk(`limit=200&sort=${sort}`)).map(({ id }) => id);
      const seen = (await walk(`limit=4&sort=${sort}`, add)).map(({ id }) => id);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.filter((id) => before.includes(id))).toEqual(before);
    },
  };
}

const compare = <T extends string | number>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);
