import { useEffect, type RefObject } from "react";

/** Whether the last navigation followed a link. After Back, the browser restores where the page was. */
let hasFollowedLink = false;

/** Keeps track of the navigations. wouter dispatches the event `pushState`. */
export function listenForNavigations(): void {
  window.addEventListener("pushState", () => {
    hasFollowedLink = true;
  });
  window.addEventListener("popstate", () => {
    hasFollowedLink = false;
  });
}

/** What may have taken the focus when a screen shows: its details, or a dialog above it. */
const CONTENT = ".screen, .dialog";

/** Begins a screen that a link has led to at its top, with the focus on its heading. */
export function useArrival(heading: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (!hasFollowedLink) return;
    window.scrollTo(0, 0);
    const hasFocus = document.activeElement?.closest(CONTENT) instanceof Element;
    if (!hasFocus) heading.current?.focus({ preventScroll: true });
  }, [heading]);
}
