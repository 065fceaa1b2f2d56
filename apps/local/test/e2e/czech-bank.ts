import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

import { parse } from "csv-parse/sync";

import { ROOT } from "../support/guide.ts";
import { exact } from "./export-file.ts";

/** Optional test data, in `TEST_DATA_DIR`. The data set is not part of the repository. */
const TEST_DATA_DIR = process.env["TEST_DATA_DIR"] || join(ROOT, "../shared/data");

/** Anonymized Czech bank data, published for the PKDD'99 discovery challenge. */
export const CZECH_BANK = join(TEST_DATA_DIR, "czech-bank");

type Destination = {
  readonly account_id: string;
  readonly counterparty_bank: string;
  readonly counterparty_account: string;
  readonly amount: string;
};

export type StatementLine = Destination & {
  readonly transaction_id: string;
  readonly date: string;
  readonly direction: string;
  readonly operation: string;
  readonly currency: string;
  readonly purpose: string;
};

export type StandingOrder = Destination & { readonly order_id: string };

export type CzechBank = {
  readonly statement: readonly StatementLine[];
  readonly orders: readonly StandingOrder[];
};

/** Reads the data set's two files. */
export function readCzechBank(): CzechBank {
  const read = (name: string): unknown => {
    const text = gunzipSync(readFileSync(join(CZECH_BANK, name))).toString("utf8");
    return parse(text, { columns: true });
  };
  return {
    statement: read("statement-1993.csv.gz") as StatementLine[],
    orders: read("standing-orders.csv.gz") as StandingOrder[],
  };
}

/** A transaction as the exports must contain it. `amount` is in units of 10⁻⁸. */
export type ExpectedLine = {
  readonly source: "Bank" | "Ledger";
  readonly id: string;
  readonly amount: bigint;
  readonly date: string;
};

/**
 * Computes the expected results from the published files alone. A transfer out of an account matches the order with the
 * same account, counterparty and amount. Everything else is unmatched.
 */
export function expectedResults({ statement, orders }: CzechBank) {
  const findOrder = (line: StatementLine): StandingOrder | undefined =>
    orders.find(
      (each) =>
        line.operation === "transfer_out" &&
        each.account_id === line.account_id &&
        each.counterparty_account === line.counterparty_account &&
        each.counterparty_bank === line.counterparty_bank &&
        exact(each.amount) === exact(line.amount),
    );
  const executed = new Set<StandingOrder | undefined>();
  const matched: ExpectedLine[] = [];
  const unmatched: ExpectedLine[] = [];
  for (const line of statement) {
    const order = findOrder(line);
    executed.add(order);
    const { transaction_id: id, direction, date } = line;
    const amount = direction === "credit" ? exact(line.amount) : -exact(line.amount);
    (order === undefined ? unmatched : matched).push({ source: "Bank", id, amount, date });
  }
  for (const order of orders) {
    const { order_id: id, amount } = order;
    const line = { source: "Ledger", id, amount: -exact(amount), date: "1993-01-01" } as const;
    (executed.has(order) ? matched : unmatched).push(line);
  }
  const fees = statement.filter(({ purpose }) => purpose === "statement_fee");
  return {
    matched,
    unmatched,
    groups: orders.filter((order) => executed.has(order)).length,
    fees: fees.length,
    excessiveFees: fees.filter(({ amount }) => exact(amount) > exact("14.60")).length,
  };
}
