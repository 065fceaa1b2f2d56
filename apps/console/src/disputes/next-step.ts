import type { Dispute } from "@docket/client";

import { sentenceCase } from "../ui/format.ts";
import { can } from "./words.ts";

export type NextStep = {
  readonly action: "open" | "add-evidence" | "close";
  /** On the button. */
  readonly label: string;
  /** In the timeline. */
  readonly sentence: string;
};

/** What moves a dispute on; undefined once it is closed. */
export function nextStep(dispute: Dispute): NextStep | undefined {
  if (can(dispute, "open")) {
    return { action: "open", label: "Open", sentence: "Open the dispute" };
  }
  if (!can(dispute, "close")) return undefined;
  const missing = dispute.checklist.filter(
    ({ level, satisfied }) => level === "REQUIRED" && !satisfied,
  );
  if (dispute.state === "PENDING_EVIDENCE" || missing.length > 0) {
    const kinds = missing.map(({ kind }) => sentenceCase(kind).toLowerCase()).join(" and ");
    return {
      action: "add-evidence",
      label: "Add evidence",
      sentence: kinds === "" ? "Add the evidence that was requested" : `Add evidence: ${kinds}`,
    };
  }
  return {
    action: "close",
    label: "Close",
    sentence: "Close the dispute once the answer is there",
  };
}

/** "2 of 3" of the checklist. */
export function checklistCount({ checklist }: Dispute): string {
  const done = checklist.filter(({ satisfied }) => satisfied).length;
  return `${done} of ${checklist.length}`;
}
