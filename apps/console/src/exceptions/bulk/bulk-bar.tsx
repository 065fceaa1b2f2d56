import { Button } from "../../ui/button.tsx";
import { formatUnit } from "../../ui/format.ts";
import type { BulkAction } from "./bulk-form.tsx";
import { BULK_ACTIONS } from "./bulk-dialog.tsx";

/** In the place of the filters while exceptions are selected: what to do with all of them. */
export function BulkBar({
  count,
  onAction,
  onClear,
}: {
  readonly count: number;
  readonly onAction: (action: BulkAction) => void;
  readonly onClear: () => void;
}) {
  return (
    <div className="bulk-bar" role="region" aria-label="Selection">
      <span className="bulk-bar__count" role="status">
        {formatUnit(count, "exception")} selected
      </span>
      {BULK_ACTIONS.map(({ action, label }) => (
        <Button key={action} size="small" onClick={() => onAction(action)}>
          {label}
        </Button>
      ))}
      <Button size="small" look="quiet" onClick={onClear}>
        Clear selection
      </Button>
    </div>
  );
}
