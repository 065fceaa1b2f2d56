import { useEffect, useState, type RefObject } from "react";

/** Whether the content of an element is wider than the element. */
export function useIsWide(element: RefObject<HTMLElement | null>): boolean {
  const [isWide, setWide] = useState(false);
  useEffect(() => {
    const outer = element.current!;
    const content = outer.firstElementChild as HTMLElement;
    const observer = new ResizeObserver(() => setWide(content.offsetWidth > outer.clientWidth));
    observer.observe(outer);
    observer.observe(content);
    return () => observer.disconnect();
  }, [element]);
  return isWide;
}
