import type { ExceptionSeverity, ExceptionStatus } from "@docket/domain";

// The four kinds of records (docs/api.md §5), with the fields that the demo uses.

export type TransactionRecord = {
  readonly source: string;
  readonly externalId: string;
  readonly amount: string;
  readonly currency: string;
  readonly date: string;
  readonly description: string;
  readonly status?: "IGNORED" | "PENDING_REVIEW";
};

export type MatchGroupRecord = {
  readonly externalId: string;
  readonly status?: "PROPOSED" | "REJECTED";
  readonly rule: string;
  readonly confidence: number;
  readonly items: readonly {
    readonly source: string;
    readonly transaction: string;
    readonly amount?: string;
  }[];
};

export type FeeVarianceRecord = {
  readonly externalId: string;
  readonly source: string;
  readonly transaction: string;
  readonly feeScheduleId: string;
  readonly feeScheduleName: string;
  readonly currency: string;
  readonly expected: string;
  readonly actual: string;
};

export type ExceptionRecord = {
  readonly source: string;
  readonly transaction: string;
  readonly severity: ExceptionSeverity;
  readonly status: ExceptionStatus;
  readonly reason: string;
  readonly assignedTo?: string;
  readonly dueAt: string;
  readonly resolutionType?: string;
  readonly resolutionNotes?: string;
  readonly createdAt: string;
};

export type DemoData = {
  readonly transactions: readonly TransactionRecord[];
  readonly matchGroups: readonly MatchGroupRecord[];
  readonly feeVariances: readonly FeeVarianceRecord[];
  readonly exceptions: readonly ExceptionRecord[];
};

/** Formats cents as a decimal string. */
export function money(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, "0");
  return `${cents < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
