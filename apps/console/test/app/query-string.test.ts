import {
  choice,
  choices,
  day,
  flag,
  readState,
  text,
  writeState,
} from "../../src/app/query-string.ts";

const SCHEMA = {
  status: choices(["OPEN", "CLOSED"]),
  sort: choice(["amount", "-amount"]),
  overdue: flag,
  from: day,
  query: text,
  cursor: text,
};

it("reads what it has written", () => {
  const state = {
    status: ["OPEN", "CLOSED"],
    sort: "-amount",
    overdue: true,
    from: "2026-01-15",
    query: "a&b=c ü",
  } as const;
  expect(readState(SCHEMA, writeState(SCHEMA, "", state))).toEqual(state);
});

it("takes values that are not valid as absent", () => {
  expect(readState(SCHEMA, "?status=NO&sort=no&overdue=1&from=yesterday&query=")).toEqual({});
});

it.each(["2026-99-99", "2026-02-30", "2026-02-29", "12026-01-01"])("takes %s as no day", (from) => {
  expect(readState(SCHEMA, `?from=${from}`)).toEqual({});
});

it("drops the cursor when a filter changes, and keeps parameters of others", () => {
  expect(writeState(SCHEMA, "?cursor=abc&other=1&status=OPEN", { status: undefined })).toBe(
    "?other=1",
  );
  expect(writeState(SCHEMA, "?status=OPEN", { cursor: "abc" })).toBe("?status=OPEN&cursor=abc");
});
