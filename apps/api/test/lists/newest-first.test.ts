import fc from "fast-check";
import {
  newestFirst,
  newestFirstPage,
  pageArguments,
  type Window,
} from "../../src/lists/newest-first.ts";
import { decodeCursor, encodeCursor, type PageQuery } from "../../src/lists/pagination.ts";
import type { ListPage } from "../support/lists.ts";

type Row = { readonly id: string; readonly createdAt: Date };

const row = fc.record({
  id: fc.uuid(),
  // Few instants, so that many rows are equal.
  createdAt: fc
    .integer({ min: 0, max: 3 })
    .map((milliseconds) => new Date(1_700_000_000_000 + milliseconds)),
});
const rows = fc.uniqueArray(row, { selector: ({ id }) => id, maxLength: 40 });
const later = fc.uniqueArray(
  fc.record({ id: fc.uuid(), createdAt: fc.constant(new Date(1_700_000_000_500)) }),
  { selector: ({ id }) => id, maxLength: 5 },
);

/** Selects rows as Postgres does. */
function fetch(table: readonly Row[], window: Window): Row[] {
  const { where, take } = pageArguments(window);
  return table
    .filter((each) => where.createdAt === undefined || each.createdAt <= where.createdAt.lte)
    .filter(
      (each) =>
        where.OR === undefined ||
        where.OR.some((either) =>
          "id" in either ? each.id < either.id.lt : each.createdAt < either.createdAt.lt,
        ),
    )
    .toSorted((a, b) => Number(b.createdAt) - Number(a.createdAt) || (a.id < b.id ? 1 : -1))
    .slice(0, take);
}

describe("paging through a list", () => {
  it("neither skips nor repeats a row that existed at the start, while rows are added", async () => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.integer({ min: 1, max: 7 }),
        fc.array(later, { maxLength: 10 }),
        async (start, limit, added) => {
          const binding = { list: "test" };
          const table = [...start];
          const seen: string[] = [];
          let query: PageQuery = { limit };
          for (let page = 0; ; page += 1) {
            const { bytes } = await newestFirstPage(
              fetch(table, newestFirst(query, binding)),
              query,
              binding,
              ({ id }) => id,
            );
            const answer = JSON.parse(bytes.toString()) as ListPage<string>;
            expect(answer.items.length).toBeLessThanOrEqual(limit);
            expect(answer.hasMore).toBe(answer.nextCursor !== undefined);
            seen.push(...answer.items);
            table.push(...(added[page] ?? []));
            if (answer.nextCursor === undefined) break;
            query = { limit, cursor: answer.nextCursor };
          }
          const expected = fetch(start, { take: start.length });
          expect(seen).toEqual(expected.map(({ id }) => id));
        },
      ),
    );
  });
});

describe("a cursor", () => {
  const id = "0192f0c1-0000-7000-8000-000000000000";
  const binding = { list: "a", status: ["QUEUED"], sort: "-createdAt" };

  it("decodes to its position, whatever the order of the filters", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer(), fc.constant(null)), (value) => {
        const cursor = encodeCursor(binding, { value, id });
        expect(cursor).toMatch(/^[\w-]+$/);
        const { sort, ...rest } = binding;
        expect(decodeCursor({ sort, ...rest, format: undefined }, cursor)).toEqual({ value, id });
      }),
    );
  });

  it.each([
    ["another list", { ...binding, list: "b" }],
    ["another filter", { ...binding, status: ["FAILED"] }],
    ["an additional filter", { ...binding, format: "CSV" }],
    ["another sort", { ...binding, sort: "createdAt" }],
  ])("is refused with %s", (_, other) => {
    const cursor = encodeCursor(binding, { value: "x", id });
    expect(() => decodeCursor(other, cursor)).toThrow(
      expect.objectContaining({
        code: "bad_request",
        errors: [expect.objectContaining({ field: "cursor" })],
      }),
    );
  });

  it("is refused with 400 when it is arbitrary text", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((json) => Buffer.from(json).toString("base64url")),
        ),
        (text) => {
          expect(() => newestFirst({ limit: 1, cursor: text }, binding)).toThrow(
            expect.objectContaining({ code: "bad_request" }),
          );
        },
      ),
    );
  });
});
