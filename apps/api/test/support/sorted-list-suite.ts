import type { listAt } from "./lists.ts";

type Row = { readonly id: string };

export type SortedList<R extends Row> = {
  readonly list: ReturnType<typeof listAt<R>>;
  /** Adds `count` rows. */
  readonly fill: () => Promise<unknown>;
  readonly count: number;
  /** Adds rows while the list is being read. */
  readonly add: () => Promise<unknown>;
  /** The sorts, and the key by which each one orders the rows. */
  readonly sorts: Readonly<Record<string, (row: R) => string | number>>;
  /** Queries, and how many of the rows they match. */
  readonly filters: Readonly<Record<string, number>>;
  /** Queries that are refused: the status and the field at fault. */
  readonly refused: Readonly<Record<string, readonly [status: number, field: string]>>;
  readonly cursor: {
    /** The filters with which the cursor is issued. */
    readonly filters: string;
    /** The same filters, written differently. */
    readonly same: string;
    readonly others: readonly string[];
    /** Forged cursor values by sort. */
    readonly forged: Readonly<Record<string, readonly unknown[]>>;
  };
};

/** Defines the tests that every list with a `sort` parameter must pass. */
export function testSortedList<R extends Row>(given: SortedList<R>): void {
  const { fill, count, add, sorts, filters, refused, cursor } = given;
  const { page, walk, refuse, expectSorted, expectStable } = given.list;
  const names = Object.keys(sorts);

  it.each(Object.entries(sorts))(
    "sorts by %s in both directions, also across pages",
    async (sort, key) => {
      await fill();
      expect(await walk("limit=200")).toHaveLength(count);
      await expectSorted(sort, key);
    },
  );

  it("is newest first by default", async () => {
    await fill();
    expect(await walk("limit=200")).toEqual(await walk("limit=200&sort=-createdAt"));
  });

  it.each(Object.entries(filters))("filters by %s", async (query, matches) => {
    await fill();
    expect(await walk(`limit=200&${query}`)).toHaveLength(matches);
    expect(await walk(`limit=2&sort=${names[0]}&${query}`)).toHaveLength(matches);
  });

  it.each(names.flatMap((name) => [name, `-${name}`]))(
    "sorted by %s neither skips nor repeats an existing row while others are added",
    async (sort) => {
      await fill();
      await expectStable(sort, add);
    },
  );

  it("accepts a cursor only with the filters and the sort that it was issued for", async () => {
    await fill();
    const { nextCursor } = await page(`limit=2&${cursor.filters}`);
    const next = `limit=5&cursor=${nextCursor}`;
    await page(`${next}&${cursor.same}`);
    for (const query of ["", "&sort=id", ...cursor.others]) {
      const { body } = await refuse(`${next}&${query}`, 400);
      expect(body.errors).toMatchObject([{ field: "cursor" }]);
    }
  });

  it.each(Object.entries(cursor.forged))(
    "sorted by %s refuses a forged cursor",
    async (sort, values) => {
      await fill();
      const { nextCursor = "" } = await page(`limit=1&sort=${sort}`);
      const [fingerprint, , id] = JSON.parse(Buffer.from(nextCursor, "base64url").toString());
      for (const value of values) {
        const forged = Buffer.from(JSON.stringify([fingerprint, value, id])).toString("base64url");
        await refuse(`sort=${sort}&cursor=${forged}`, 400);
      }
    },
  );

  it.each(Object.entries(refused))("refuses %s", async (query, [status, field]) => {
    const { body } = await refuse(query, status);
    expect(body.errors).toMatchObject([{ field }]);
  });
}
