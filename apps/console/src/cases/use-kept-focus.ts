import { useEffect, useRef } from "react";

/** How long a dialog that has closed may take to move the focus back by itself. */
const RETURN_MS = 200;

/**
 * Moves the focus to the first element that matches `fallback` when the one that had it was removed, such as the button of an
 * action that is no longer possible. Without this, the keyboard would start again at the top of the page.
 */
export function useKeptFocus(fallback: string): void {
  const last = useRef<EventTarget>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const remember = ({ target }: FocusEvent): void => {
      last.current = target;
    };
    // A dialog may be removed after the button that has opened it, without a render here.
    const checkLater = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => keepFocus(last.current, fallback), RETURN_MS);
    };
    document.addEventListener("focusin", remember);
    document.addEventListener("focusout", checkLater);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("focusin", remember);
      document.removeEventListener("focusout", checkLater);
    };
  }, [fallback]);
  // After every render: any of them may have removed it.
  useEffect(() => keepFocus(last.current, fallback));
}

function keepFocus(last: EventTarget | null, fallback: string): void {
  if (document.activeElement !== document.body) return;
  if (last instanceof Node && !last.isConnected) {
    document.querySelector<HTMLElement>(fallback)?.focus();
  }
}
