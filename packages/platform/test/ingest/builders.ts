/** A transaction of the source Bank over 100 EUR. */
export const tx = (externalId: string, changes: object = {}): object => ({
  source: "Bank",
  externalId,
  amount: "100",
  currency: "EUR",
  date: "2026-01-15",
  ...changes,
});

/** Four transactions for match groups to match. */
export const SEED: readonly object[] = [
  tx("A"),
  tx("B", { amount: "-50" }),
  tx("C", { status: "IGNORED" }),
  tx("D", { currency: "USD" }),
];

/** A match group of transactions of the source Bank: their external IDs, and the allocated amount or undefined for all of it. */
export const group = (
  externalId: string,
  items: Record<string, string | undefined>,
  changes: object = {},
): object => ({
  externalId,
  items: Object.entries(items).map(([transaction, amount]) => ({
    source: "Bank",
    transaction,
    ...(amount !== undefined && { amount }),
  })),
  ...changes,
});
