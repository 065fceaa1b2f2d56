import { useEffect, useRef, type ReactNode } from "react";

import { useArrival } from "./arrival.ts";

/** A screen: its title, also of the browser's tab, its one primary action, and its content. */
export function Screen({
  title,
  action,
  children,
}: {
  readonly title: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useArrival(heading);
  useEffect(() => {
    document.title = `${title} · Docket`;
  }, [title]);
  return (
    <div className="screen">
      <header className="screen__header">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {action}
      </header>
      {children}
    </div>
  );
}
