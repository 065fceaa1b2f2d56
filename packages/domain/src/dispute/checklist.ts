import type { EvidenceKind } from "./evidence.ts";
import type { DisputeCategory } from "./requests.ts";

export const CHECKLIST_LEVELS = ["REQUIRED", "RECOMMENDED"] as const;

type Level = (typeof CHECKLIST_LEVELS)[number];

/** The evidence that each category asks for, in the order in which a checklist shows it. */
const CHECKLISTS = {
  BANK_FEE_ERROR: [
    ["BANK_STATEMENT", "REQUIRED"],
    ["CONTRACT", "REQUIRED"],
    ["CORRESPONDENCE", "RECOMMENDED"],
  ],
  UNRECOGNIZED_CHARGE: [
    ["BANK_STATEMENT", "REQUIRED"],
    ["CORRESPONDENCE", "RECOMMENDED"],
    ["LEDGER_EXTRACT", "RECOMMENDED"],
  ],
  DUPLICATE_TRANSACTION: [
    ["BANK_STATEMENT", "REQUIRED"],
    ["LEDGER_EXTRACT", "REQUIRED"],
    ["RECEIPT", "RECOMMENDED"],
  ],
  OTHER: [["CORRESPONDENCE", "RECOMMENDED"]],
} as const satisfies Record<DisputeCategory, readonly (readonly [EvidenceKind, Level])[]>;

type ChecklistItem = {
  readonly kind: EvidenceKind;
  readonly level: Level;
  readonly satisfied: boolean;
};

/** The checklist of a dispute with evidence of `kinds`. It informs and never blocks. */
export const checklistOf = (
  category: DisputeCategory,
  kinds: ReadonlySet<string>,
): readonly ChecklistItem[] =>
  CHECKLISTS[category].map(([kind, level]) => ({ kind, level, satisfied: kinds.has(kind) }));
