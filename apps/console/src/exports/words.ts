import type { Words } from "../ui/words.ts";

/** The reports (docs/api.md §3). */
export const REPORTS = {
  MATCHED: { label: "Matched", hint: "Transactions that agree, with their match" },
  UNMATCHED: { label: "Unmatched", hint: "Transactions without a counterpart" },
  VARIANCE: { label: "Fee variance", hint: "Expected against actual fees" },
  EXCEPTIONS: { label: "Exceptions", hint: "What people work on, with disputes" },
} as const;

export type Report = keyof typeof REPORTS;

export const FORMATS = ["CSV", "XLSX", "JSON", "NDJSON", "XML"] as const;

/** The states of a job (docs/api.md §2). */
export const STATUSES = {
  QUEUED: { label: "Waiting", tone: "neutral", icon: "clock" },
  RUNNING: { label: "Running", tone: "info", icon: "refresh" },
  SUCCEEDED: { label: "Ready", tone: "positive", icon: "check" },
  FAILED: { label: "Failed", tone: "negative", icon: "alert" },
  CANCELED: { label: "Canceled", tone: "neutral", icon: "ban" },
  EXPIRED: { label: "Expired", tone: "neutral", icon: "archive" },
} as const satisfies Record<string, Words>;

type Status = keyof typeof STATUSES;

/** Words for a status, also for one of a later release. */
export const statusWords = (status: string): Words =>
  STATUSES[status as Status] ?? { label: status, tone: "neutral", icon: "info" };

/** The name of a report, also of one of a later release. */
export const reportLabel = (reportType: string): string =>
  REPORTS[reportType as Report]?.label ?? reportType;

export const isUnfinished = (status: string): boolean =>
  status === "QUEUED" || status === "RUNNING";
