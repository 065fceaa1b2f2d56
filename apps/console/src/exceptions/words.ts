import type { ExceptionEvent } from "@docket/client";

import type { EventWords } from "../cases/case-event.ts";
import { sentenceCase } from "../ui/format.ts";
import { wordsIn, type Words } from "../ui/words.ts";

/** The statuses (docs/api.md §8), in their order. */
export const STATUSES = {
  OPEN: { label: "Open", tone: "info", icon: "alert" },
  ASSIGNED: { label: "Assigned", tone: "neutral", icon: "user" },
  PENDING_RESOLUTION: { label: "Pending resolution", tone: "warning", icon: "clock" },
  RESOLVED: { label: "Resolved", tone: "positive", icon: "check" },
} as const satisfies Record<string, Words>;

export type Status = keyof typeof STATUSES;

export const STATUS_NAMES = Object.keys(STATUSES) as readonly Status[];

/** The statuses of exceptions that need work. */
export const OPEN_STATUSES: readonly Status[] = ["OPEN", "ASSIGNED", "PENDING_RESOLUTION"];

export const statusWords = (status: string): Words => wordsIn(STATUSES, status);

export const SEVERITIES = {
  CRITICAL: { label: "Critical", tone: "negative", icon: "alert" },
  HIGH: { label: "High", tone: "warning", icon: "chevron-up" },
  MEDIUM: { label: "Medium", tone: "info", icon: "minus" },
  LOW: { label: "Low", tone: "neutral", icon: "chevron-down" },
} as const satisfies Record<string, Words>;

export type Severity = keyof typeof SEVERITIES;

export const SEVERITY_NAMES = Object.keys(SEVERITIES) as readonly Severity[];

export const severityWords = (severity: string): Words => wordsIn(SEVERITIES, severity);

const EVENTS: Readonly<Record<string, EventWords>> = {
  created: { label: "Raised by loaded records", icon: "plus" },
  updated: { label: "Changed", icon: "file" },
  resolved: { label: "Resolved", icon: "check" },
  reopened: { label: "Reopened", icon: "refresh" },
};

export const eventWords = ({ type }: ExceptionEvent): EventWords =>
  EVENTS[type] ?? { label: sentenceCase(type), icon: "info" };

const FIELDS: Readonly<Record<string, string>> = {
  assignedTo: "Assigned to",
  dueAt: "Due",
  createdAt: "Raised",
  resolutionType: "Resolution",
  resolutionNotes: "Notes",
};

/** The label of a field in a history. */
export const fieldLabel = (field: string): string => FIELDS[field] ?? sentenceCase(field);

/** Types of a resolution that are suggested: the API takes any text. */
export const RESOLUTION_TYPES = [
  "MATCHED_MANUALLY",
  "WRITE_OFF",
  "ADJUSTMENT_POSTED",
  "DUPLICATE",
  "FALSE_ALARM",
];

/** The type of a resolution in words. A text of a person stays as it is. */
export const resolutionLabel = (type: string): string =>
  RESOLUTION_TYPES.includes(type) || /^[A-Z]+(?:_[A-Z]+)+$/.test(type) ? sentenceCase(type) : type;

/** The type that a person has entered: in words, or a text of their own. */
export const resolutionType = (entered: string): string =>
  RESOLUTION_TYPES.find((type) => sentenceCase(type) === sentenceCase(entered.trim())) ??
  entered.trim();

export const formatAge = (days: number): string => (days === 1 ? "1 day" : `${days} days`);

export const isResolved = ({ status }: { readonly status: string }): boolean =>
  status === "RESOLVED";
