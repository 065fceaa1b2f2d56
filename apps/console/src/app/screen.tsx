import { useEffect, type ReactNode } from "react";

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
  useEffect(() => {
    document.title = `${title} · Docket`;
  }, [title]);
  return (
    <div className="screen">
      <header className="screen__header">
        <h1>{title}</h1>
        {action}
      </header>
      {children}
    </div>
  );
}
