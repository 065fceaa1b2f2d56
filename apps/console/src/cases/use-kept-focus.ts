import { useEffect, useRef } from "react";

/**
 * Moves the focus to the first element that matches `fallback` when a render has removed the one that had it, such as the button
 * of an action that is no longer possible. Without this, the keyboard would start again at the top of the page.
 */
export function useKeptFocus(fallback: string): void {
  const last = useRef<EventTarget>(null);
  useEffect(() => {
    const remember = ({ target }: FocusEvent): void => {
      last.current = target;
    };
    document.addEventListener("focusin", remember);
    return () => document.removeEventListener("focusin", remember);
  }, []);
  // After every render: any of them may have removed it.
  useEffect(() => {
    const { current } = last;
    if (document.activeElement !== document.body) return;
    if (current instanceof Node && !current.isConnected) {
      document.querySelector<HTMLElement>(fallback)?.focus();
    }
  });
}
