/** A transaction of the bank over 100 EUR. */
export const tx = (externalId: string, changes: object = {}): object => ({
  source: "Bank",
  externalId,
  amount: "100",
  currency: "EUR",
  date: "2026-01-15",
  ...changes,
});

/** Four transactions for match groups to take. */
export const SEED: readonly object[] = [
  tx("A"),
  tx("B", { amount: "-50" }),
  tx("C", { status: "IGNORED" }),
  tx("D", { currency: "USD" }),
];

/** A match group that takes the given transactions of the bank, whole or in part. */
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
