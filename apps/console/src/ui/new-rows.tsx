import { Button } from "./button.tsx";

/** Shows the rows that have arrived since the list was opened. */
export function NewRows({
  count,
  onShow,
}: {
  readonly count: number;
  readonly onShow: () => void;
}) {
  return (
    <div role="status" className="new-rows">
      {count > 0 && (
        <Button size="small" icon="chevron-up" onClick={onShow}>
          {count} new
        </Button>
      )}
    </div>
  );
}
