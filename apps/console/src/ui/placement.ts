type Placement = {
  /** Which sides of the two are in line. Default: the left ones. */
  readonly align?: "start" | "end";
  /** Between the two, in pixels. */
  readonly gap?: number;
};

/** What stays free at the edges of the window, in pixels. */
const EDGE = 4;

/**
 * Keeps an open popover below an element, above it if there is no room, and always within the window. CSS anchors would do the
 * same, but some of the browsers that the console supports have none.
 *
 * @returns a function that ends it
 */
export function keepBeside(
  popover: HTMLElement,
  element: HTMLElement,
  { align = "start", gap = 0 }: Placement = {},
): () => void {
  const place = (): void => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const { width, height } = popover.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    const above = top - gap - height;
    const isAbove = bottom + gap + height > clientHeight && above >= 0;
    const x = within(align === "start" ? left : right - width, clientWidth - width);
    const y = within(isAbove ? above : bottom + gap, clientHeight - height);
    popover.style.left = `${x}px`;
    popover.style.top = `${y}px`;
  };
  place();
  window.addEventListener("resize", place);
  document.addEventListener("scroll", place, true);
  return () => {
    window.removeEventListener("resize", place);
    document.removeEventListener("scroll", place, true);
  };
}

const within = (value: number, most: number): number =>
  Math.max(EDGE, Math.min(value, most - EDGE));
