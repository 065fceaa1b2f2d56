import { recordsOf, type StatementLine } from "./czech-bank.ts";
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

// The published statement has no second transfer in any month, so only this one shows what becomes of it.
test("a second transfer of the same order and month stays without a group", () => {
  const statement = [
    line({}),
    line({ transaction_id: "2", date: "1993-02-26" }),
    line({ transaction_id: "3", date: "1993-03-05" }),
    line({ transaction_id: "4", operation: "cash_withdrawal" }),
    line({ transaction_id: "5", amount: "2452.01" }),
  ];
  const records = recordsOf({ statement, orders: [{ ...to, order_id: "29401" }] });
  expect(records.transactions).toHaveLength(statement.length + 2);
  expect(records.matchGroups).toMatchObject([
    { externalId: "29401/1993-02", items: [{ transaction: "1" }, {}] },
    { externalId: "29401/1993-03", items: [{ transaction: "3" }, {}] },
  ]);
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
