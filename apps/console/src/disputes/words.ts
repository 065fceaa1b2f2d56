import type { Dispute, DisputeEvent } from "@docket/client";

import type { EventWords } from "../cases/case-event.ts";
import { sentenceCase } from "../ui/format.ts";
import { wordsIn, type Words } from "../ui/words.ts";

/** The states (docs/api.md §4), in their order. */
export const STATES = {
  DRAFT: { label: "Draft", tone: "neutral", icon: "file" },
  OPEN: { label: "Open", tone: "info", icon: "scale" },
  PENDING_EVIDENCE: { label: "Pending evidence", tone: "warning", icon: "clock" },
  WON: { label: "Won", tone: "positive", icon: "check" },
  LOST: { label: "Lost", tone: "negative", icon: "x" },
} as const satisfies Record<string, Words>;

export type State = keyof typeof STATES;

export const STATE_NAMES = Object.keys(STATES) as readonly State[];

/** The states with a deadline. */
export const ACTIVE_STATES: readonly State[] = ["OPEN", "PENDING_EVIDENCE"];

/** The states of disputes that have ended. */
export const CLOSED_STATES: readonly State[] = ["WON", "LOST"];

export const stateWords = (state: string): Words => wordsIn(STATES, state);

export const CATEGORIES = [
  "BANK_FEE_ERROR",
  "UNRECOGNIZED_CHARGE",
  "DUPLICATE_TRANSACTION",
  "OTHER",
] as const;

export const KINDS = [
  "BANK_STATEMENT",
  "LEDGER_EXTRACT",
  "INVOICE",
  "RECEIPT",
  "CONTRACT",
  "CORRESPONDENCE",
  "REFUND_CONFIRMATION",
  "OTHER",
] as const;

export const optionsOf = <T extends string>(names: readonly T[]) =>
  names.map((value) => ({ value, label: sentenceCase(value) }));

const EVENTS: Readonly<Record<string, EventWords>> = {
  created: { label: "Created", icon: "plus" },
  updated: { label: "Details changed", icon: "file" },
  opened: { label: "Opened", icon: "scale" },
  "evidence-requested": { label: "Evidence requested", icon: "clock" },
  "evidence-added": { label: "Evidence added", icon: "upload" },
  "note-added": { label: "Note", icon: "info" },
  reopened: { label: "Reopened", icon: "refresh" },
};

export function eventWords({ type, to }: DisputeEvent): EventWords {
  if (type === "closed") {
    return to === "WON" ? { label: "Won", icon: "check" } : { label: "Lost", icon: "x" };
  }
  return EVENTS[type] ?? { label: sentenceCase(type), icon: "info" };
}

export const isClosed = ({ state }: Dispute): boolean => state === "WON" || state === "LOST";

export const can = ({ allowedActions }: Dispute, action: string): boolean =>
  allowedActions.includes(action);
