import type { Exception, Transaction } from "@docket/client";

import { nearest } from "../../src/exceptions/nearest.ts";

const transaction = (changes: Partial<Transaction>): Transaction =>
  ({
    externalId: "L-1",
    amount: "-10",
    date: "2026-01-15T00:00:00.000Z",
    ...changes,
  }) as Transaction;

const exception = {
  transaction: { externalId: "B-1", amount: "10.00", date: "2026-01-15T00:00:00.000Z" },
} as Exception;

const found = (...candidates: readonly Partial<Transaction>[]): string | undefined =>
  nearest(exception, candidates.map(transaction))?.id;

it("prefers the same amount, then the same reference, then the nearer day", () => {
  const far = { id: "far", date: "2026-01-19T00:00:00.000Z" };
  expect(found({ id: "reference", externalId: "B-1", amount: "9" }, far)).toBe("far");
  expect(found(far, { id: "near" })).toBe("near");
  expect(found({ id: "near" }, { ...far, id: "both", externalId: "B-1" })).toBe("both");
});

it("finds nothing where neither the amount nor the reference agrees", () => {
  expect(found({ id: "other", amount: "100" })).toBeUndefined();
  // Longer than a float is exact.
  expect(found({ id: "large", amount: "10.00000001" })).toBeUndefined();
});
