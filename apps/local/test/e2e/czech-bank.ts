import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

import { parse } from "csv-parse/sync";

/** Where the data set is: `DOCKET_CZECH_BANK_DIR`, or beside the repository. It is not part of it. */
export const CZECH_BANK =
  process.env["DOCKET_CZECH_BANK_DIR"] ??
  fileURLToPath(new URL("../../../../../shared/data/czech-bank", import.meta.url));

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

export const BANK = "Statement";
export const LEDGER = "Standing orders";

/** As records of the API (contract §5). */
export type Records = {
  readonly transactions: readonly object[];
  readonly matchGroups: readonly object[];
};

/**
 * The statement as the bank's side; as the ledger's one posting for each standing order and month in which the statement
 * has its transfer; and a group for each such pair. A second transfer of the same month finds its posting taken.
 */
export function recordsOf({ statement, orders }: CzechBank): Records {
  const orderOf = new Map(orders.map((order) => [destination(order), order.order_id]));
  const bank = statement.map((line) => ({
    source: BANK,
    externalId: line.transaction_id,
    amount: line.direction === "debit" ? `-${line.amount}` : line.amount,
    currency: line.currency,
    date: line.date,
    description: [line.operation, line.purpose].filter((part) => part !== "").join(", "),
  }));
  const postings = new Map<string, object>();
  const matchGroups: object[] = [];
  for (const line of statement) {
    const order = line.operation === "transfer_out" ? orderOf.get(destination(line)) : undefined;
    if (order === undefined) continue;
    const month = line.date.slice(0, 7);
    const externalId = `${order}/${month}`;
    if (postings.has(externalId)) continue;
    postings.set(externalId, {
      source: LEDGER,
      externalId,
      amount: `-${line.amount}`,
      currency: line.currency,
      date: `${month}-01`,
      description: line.purpose,
    });
    matchGroups.push({
      externalId,
      status: "CONFIRMED",
      rule: "standing order and month",
      confidence: 100,
      items: [
        { source: BANK, transaction: line.transaction_id },
        { source: LEDGER, transaction: externalId },
      ],
    });
  }
  return { transactions: [...bank, ...postings.values()], matchGroups };
}

const destination = (each: Destination): string =>
  [each.account_id, each.counterparty_bank, each.counterparty_account, each.amount].join("|");
