import { useCallback, useEffect, useRef, useState } from "react";

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
  const [isShown, setShown] = useState(false);
  const show = (): void => setShown(true);
  const hide = useCallback((): void => setShown(false), []);
  const listeners = { onPointerEnter: show, onPointerLeave: hide, onFocus: show, onBlur: hide };
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

/** Below its parent. It is part of the parent, so that the pointer may move onto it. */
function Tooltip({ text, hide }: { readonly text: string; readonly hide: () => void }) {
  const element = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const tooltip = element.current!;
    tooltip.showPopover();
    const { left, top, bottom } = tooltip.parentElement!.getBoundingClientRect();
    const { width, height } = tooltip.getBoundingClientRect();
    const isBelow = bottom + height < window.innerHeight;
    tooltip.style.left = `${Math.max(0, Math.min(left, window.innerWidth - width))}px`;
    tooltip.style.top = `${isBelow ? bottom : top - height}px`;
    const onKeyDown = ({ key }: KeyboardEvent): void => {
      if (key === "Escape") hide();
    };
    document.addEventListener("keydown", onKeyDown);
    document.addEventListener("scroll", hide, true);
    return () => {
      document.removeEventListener("keydown", onKeyDown);
      document.removeEventListener("scroll", hide, true);
    };
  }, [hide]);
  return (
    <span ref={element} popover="manual" role="tooltip" className="tooltip">
      {text}
    </span>
  );
}
