import { Button } from "../../ui/button.tsx";
import { formatCount, formatUnit } from "../../ui/format.ts";
import type { BulkAction } from "./bulk-form.tsx";
import { BULK_ACTIONS } from "./bulk-dialog.tsx";
import type { Selection } from "./selection.ts";

/** In the place of the filters while exceptions are selected: what to do with all of them. */
export function BulkBar({
  selection: { exceptions, left, clear },
  onAction,
}: {
  readonly selection: Selection;
  readonly onAction: (action: BulkAction) => void;
}) {
  return (
    <div className="bulk-bar" role="region" aria-label="Selection">
      <span className="bulk-bar__count" role="status">
        {formatUnit(exceptions.length, "exception")} selected
        {left > 0 && `, ${formatCount(left)} no longer in this list`}
      </span>
      {BULK_ACTIONS.map(({ action, label }) => (
        <Button key={action} size="small" onClick={() => onAction(action)}>
          {label}
        </Button>
      ))}
      <Button size="small" look="quiet" onClick={clear}>
        Clear selection
      </Button>
    </div>
  );
}
