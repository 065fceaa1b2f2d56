import { useEffect, useRef } from "react";

import { keepBeside } from "./placement.ts";
import "./tooltip.css";

/** Next to its parent. It is part of the parent, so that the pointer may move onto it. Escape calls `hide`. */
export function Tooltip({ text, hide }: { readonly text: string; readonly hide: () => void }) {
  const element = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const tooltip = element.current!;
    tooltip.showPopover();
    const stop = keepBeside(tooltip, tooltip.parentElement!);
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      // The panel or dialog with the parent stays open.
      event.preventDefault();
      event.stopPropagation();
      hide();
    };
    window.addEventListener("keydown", onKeyDown, true);
    return () => {
      stop();
      window.removeEventListener("keydown", onKeyDown, true);
    };
  }, [hide]);
  return (
    <span ref={element} popover="manual" role="tooltip" className="tooltip">
      {text}
    </span>
  );
}
