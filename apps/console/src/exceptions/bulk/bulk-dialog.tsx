import type { Exception } from "@docket/client";

import { Dialog } from "../../ui/dialog.tsx";
import { formatUnit } from "../../ui/format.ts";
import { BulkForm, type BulkAction } from "./bulk-form.tsx";

export const BULK_ACTIONS: readonly { readonly action: BulkAction; readonly label: string }[] = [
  { action: "assign", label: "Assign" },
  { action: "set-due-date", label: "Set due date" },
  { action: "resolve", label: "Resolve" },
];

/** An action on the exceptions that were selected when it was chosen. */
export type Bulk = { readonly action: BulkAction; readonly exceptions: readonly Exception[] };

export function BulkDialog({
  bulk,
  onClose,
  onApplied,
}: {
  readonly bulk: Bulk | undefined;
  readonly onClose: () => void;
  readonly onApplied: () => void;
}) {
  const label = BULK_ACTIONS.find(({ action }) => action === bulk?.action)?.label ?? "";
  const count = formatUnit(bulk?.exceptions.length ?? 0, "exception");
  return (
    <Dialog isOpen={bulk !== undefined} onClose={onClose} title={`${label}: ${count}`}>
      {bulk !== undefined && <BulkForm {...bulk} onClose={onClose} onApplied={onApplied} />}
    </Dialog>
  );
}
