import { expectedResults, type StatementLine } from "./czech-bank.ts";
import { exact, parseExport } from "./export-file.ts";

const destination = {
  account_id: "1",
  counterparty_bank: "YZ",
  counterparty_account: "87144583",
  amount: "2452.00",
};

const line = (overrides: Partial<StatementLine>): StatementLine => ({
  ...destination,
  transaction_id: "1",
  date: "1993-02-05",
  direction: "debit",
  operation: "transfer_out",
  currency: "CZK",
  purpose: "household",
  ...overrides,
});

it("matches an order with transfers that agree in every field, and with nothing else", () => {
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
    { ...destination, order_id: "a" },
    { ...destination, account_id: "2", order_id: "b" },
  ];
  const { matched, unmatched, ...counts } = expectedResults({ statement, orders });
  expect(matched.map(({ id, amount }) => [id, amount])).toEqual([
    ["1", -245_200_000_000n],
    ["2", -245_200_000_000n],
    ["a", -245_200_000_000n],
  ]);
  expect(unmatched.map(({ id }) => id)).toEqual(["3", "4", "5", "6", "7", "b"]);
  expect(unmatched[2]?.amount).toBe(100_000_000n);
  expect(counts).toEqual({ groups: 1, fees: 2, excessiveFees: 1 });
});

it("parses the three formats alike, with exact amounts", () => {
  const rows = [{ external_id: "1", amount: "-2452.1" }];
  expect(parseExport("CSV", "external_id,amount\n1,-2452.1\n")).toEqual(rows);
  expect(parseExport("JSON", '[\n{"external_id":"1","amount":"-2452.1"}\n]\n')).toEqual(rows);
  const xml =
    "<export>\n<row><external_id>1</external_id><amount>-2452.1</amount></row>\n</export>";
  expect(parseExport("XML", xml)).toEqual(rows);
  expect(exact("-0.1") + exact("0.30") + exact("12345678901234567890.00000001")).toBe(
    1234567890123456789020000001n,
  );
});
