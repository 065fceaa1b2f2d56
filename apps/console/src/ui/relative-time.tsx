import { useCallback, useState, type SyntheticEvent } from "react";

import { useNow } from "./clock.ts";
import { formatInstant, formatRelative } from "./format.ts";
import { Tooltip } from "./tooltip.tsx";

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
  const [isShown, setShown] = useState(false);
  const show = (): void => setShown(true);
  const hide = useCallback((): void => setShown(false), []);
  const showWhile =
    (selector: string) =>
    ({ currentTarget }: SyntheticEvent<HTMLElement>): void =>
      setShown(currentTarget.matches(selector));
  // It stays while one of the two is there, the pointer or the focus.
  const listeners = {
    onPointerEnter: show,
    onPointerLeave: showWhile(":focus-visible"),
    onFocus: show,
    onBlur: showWhile(":hover"),
  };
  return (
    <time
      dateTime={at}
      className="relative-time"
      tabIndex={focusable ? 0 : undefined}
      {...listeners}
    >
      {formatRelative(at, now)}
      {isShown && <Tooltip text={formatInstant(at)} hide={hide} />}
    </time>
  );
}
