/** A transaction of the source Bank over 100 EUR. */
export const transaction = (externalId: string, changes: object = {}): object => ({
  source: "Bank",
  externalId,
  amount: "100",
  currency: "EUR",
  date: "2026-01-15",
  ...changes,
});

/** Four transactions for match groups to match. */
export const SEED: readonly object[] = [
  transaction("A"),
  transaction("B", { amount: "-50" }),
  transaction("C", { status: "IGNORED" }),
  transaction("D", { currency: "USD" }),
];

/** A match group of transactions of the source Bank: their external IDs, and the allocated amount or undefined for all of it. */
export const group = (
  externalId: string,
  items: Record<string, string | undefined>,
  changes: object = {},
): object => ({
  externalId,
  items: Object.entries(items).map(([id, amount]) => ({
    source: "Bank",
    transaction: id,
    ...(amount !== undefined && { amount }),
  })),
  ...changes,
});
