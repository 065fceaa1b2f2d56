import { expectedOf, type StatementLine } from "./czech-bank.ts";
import { exact, rowsOf } from "./export-file.ts";

const to = {
  account_id: "1",
  counterparty_bank: "YZ",
  counterparty_account: "87144583",
  amount: "2452.00",
};

const line = (overrides: Partial<StatementLine>): StatementLine => ({
  ...to,
  transaction_id: "1",
  date: "1993-02-05",
  direction: "debit",
  operation: "transfer_out",
  currency: "CZK",
  purpose: "household",
  ...overrides,
});

test("an order and its transfers agree; what differs in anything, and is no transfer, does not", () => {
  const statement = [
    line({}),
    line({ transaction_id: "2", date: "1993-03-05", amount: "2452.0" }),
    line({ transaction_id: "3", operation: "cash_withdrawal" }),
    line({ transaction_id: "4", amount: "2452.01" }),
    line({ transaction_id: "5", direction: "credit", operation: "cash_credit", amount: "1" }),
    line({ transaction_id: "6", amount: "14.60", purpose: "statement_fee" }),
    line({ transaction_id: "7", amount: "30", purpose: "statement_fee" }),
  ];
  const orders = [
    { ...to, order_id: "a" },
    { ...to, account_id: "2", order_id: "b" },
  ];
  const { matched, unmatched, ...counts } = expectedOf({ statement, orders });
  expect(matched.map(({ id, amount }) => [id, amount])).toEqual([
    ["1", -245_200_000_000n],
    ["2", -245_200_000_000n],
    ["a", -245_200_000_000n],
  ]);
  expect(unmatched.map(({ id }) => id)).toEqual(["3", "4", "5", "6", "7", "b"]);
  expect(unmatched[2]?.amount).toBe(100_000_000n);
  expect(counts).toEqual({ groups: 1, fees: 2, tooHigh: 1 });
});

test("the three formats read alike, and amounts are exact", () => {
  const rows = [{ external_id: "1", amount: "-2452.1" }];
  expect(rowsOf("CSV", "external_id,amount\n1,-2452.1\n")).toEqual(rows);
  expect(rowsOf("JSON", '[\n{"external_id":"1","amount":"-2452.1"}\n]\n')).toEqual(rows);
  const xml =
    "<export>\n<row><external_id>1</external_id><amount>-2452.1</amount></row>\n</export>";
  expect(rowsOf("XML", xml)).toEqual(rows);
  expect(exact("-0.1") + exact("0.30") + exact("12345678901234567890.00000001")).toBe(
    1234567890123456789020000001n,
  );
});
