import { useEffect, useRef } from "react";

/** How long a dialog that has closed may take to move the focus back by itself. */
const RETURN_MS = 200;

/**
 * Moves the focus to the first element that matches `fallback`, else to the heading of the screen, when the one that had it was
 * removed, such as the button of an action that is no longer possible. Without this, the keyboard would start again at the top of
 * the page.
 */
export function useKeptFocus(fallback: string): void {
  const latest = useRef(fallback);
  useEffect(() => {
    latest.current = fallback;
  });
  useEffect(() => {
    let last: EventTarget | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const remember = ({ target }: FocusEvent): void => {
      last = target;
    };
    const isLost = (): boolean =>
      document.activeElement === document.body && last instanceof Node && !last.isConnected;
    const keep = (): void => {
      timer = undefined;
      if (!isLost()) return;
      const next =
        document.querySelector<HTMLElement>(latest.current) ?? document.querySelector("h1");
      next?.focus();
    };
    // Any part of the page may have removed it.
    const observer = new MutationObserver(() => {
      if (isLost()) timer ??= setTimeout(keep, RETURN_MS);
    });
    observer.observe(document.body, { childList: true, subtree: true });
    document.addEventListener("focusin", remember);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
      document.removeEventListener("focusin", remember);
    };
  }, []);
}
