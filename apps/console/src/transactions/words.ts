import { wordsIn, type Words } from "../ui/words.ts";

/** The statuses of a transaction (docs/api.md §5), in their order. */
export const STATUSES = {
  UNMATCHED: { label: "Unmatched", tone: "warning", icon: "alert" },
  PENDING_REVIEW: { label: "Pending review", tone: "info", icon: "clock" },
  MATCHED: { label: "Matched", tone: "positive", icon: "check" },
  IGNORED: { label: "Ignored", tone: "neutral", icon: "ban" },
} as const satisfies Record<string, Words>;

export type Status = keyof typeof STATUSES;

export const STATUS_NAMES = Object.keys(STATUSES) as readonly Status[];

/** The statuses of transactions without a counterpart. */
export const OPEN_STATUSES: readonly Status[] = ["UNMATCHED", "PENDING_REVIEW"];

export const statusWords = (status: string): Words => wordsIn(STATUSES, status);
