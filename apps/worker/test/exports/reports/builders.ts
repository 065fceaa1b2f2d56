import { randomUUID } from "node:crypto";
import { emptyScene, type GroupRow, type Scene, type TransactionRow } from "./scene.ts";

/** A context with the sources Bank and Ledger and no records. */
export function aScene(tenantId: string): Scene & { bank: string; ledger: string } {
  const [bank, ledger] = [randomUUID(), randomUUID()];
  return {
    ...emptyScene({ tenantId, contextId: randomUUID() }),
    bank,
    ledger,
    sources: [
      { id: bank, name: "Bank" },
      { id: ledger, name: "Ledger" },
    ],
  };
}

export const aTransaction = (
  overrides: Pick<TransactionRow, "source_id"> & Partial<TransactionRow>,
): TransactionRow => {
  const id = randomUUID();
  return {
    id,
    external_id: id,
    amount: "100",
    currency: "EUR",
    date: "2026-01-15T10:30:00.000Z",
    description: null,
    status: "UNMATCHED",
    ...overrides,
  };
};

export const aGroup = (overrides: Partial<GroupRow> = {}): GroupRow => {
  const id = randomUUID();
  return { id, external_id: id, status: "CONFIRMED", rule: null, confidence: null, ...overrides };
};

export function aFee(
  transaction: TransactionRow,
  expected: string,
  actual: string,
  schedule = "a",
): Scene["fees"][number] {
  return {
    external_id: randomUUID(),
    source_id: transaction.source_id,
    transaction_id: transaction.id,
    fee_schedule_id: schedule,
    fee_schedule_name: `Schedule ${schedule}`,
    currency: "EUR",
    expected,
    actual,
  };
}

export function anException(transaction: TransactionRow): Scene["exceptions"][number] {
  return {
    id: randomUUID(),
    transaction_id: transaction.id,
    severity: "HIGH",
    status: "OPEN",
    reason: null,
    assigned_to: null,
    due_at: null,
    resolution_type: null,
    resolution_notes: null,
    created_at: "2026-01-15T10:30:00.000Z",
    updated_at: "2026-01-15T10:30:00.000Z",
  };
}
