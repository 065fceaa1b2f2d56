import { Tooltip } from "@base-ui/react/tooltip";

import { useNow } from "./clock.ts";
import { formatInstant, formatRelative } from "./format.ts";
import "./tooltip.css";

/**
 * An instant as its distance from now. The exact time shows on hover and on focus. `focusable={false}` is for rows of a table,
 * whose details show the exact time: hundreds of stops would make the table unusable by keyboard.
 */
export function RelativeTime({
  at,
  focusable = true,
}: {
  readonly at: string;
  readonly focusable?: boolean;
}) {
  const now = useNow(10_000);
  return (
    <Tooltip.Root>
      <Tooltip.Trigger
        render={
          <time dateTime={at} className="relative-time" tabIndex={focusable ? 0 : undefined} />
        }
      >
        {formatRelative(at, now)}
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6}>
          <Tooltip.Popup className="tooltip">{formatInstant(at)}</Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
