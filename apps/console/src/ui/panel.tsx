import { useEffect, useRef, type ReactNode } from "react";
import { Link, useLocation } from "wouter";

import { Icon } from "./icon.tsx";
import { useKeptFocus } from "./kept-focus.ts";
import { useShortcuts } from "./shortcuts.ts";
import "./panel.css";

/**
 * A list with the details of one of its items: beside it from 1200 px up, in its place below. When the details close, the focus
 * returns to the row they belong to.
 */
export function ListWithPanel({
  openKey,
  list,
  panel,
}: {
  /** The item whose details are open. */
  readonly openKey: string | undefined;
  readonly list: ReactNode;
  readonly panel: ReactNode;
}) {
  const before = useRef<string>(undefined);
  useKeptFocus(openKey === undefined ? ".data-table" : "#panel-title");
  useEffect(() => {
    const closed = openKey === undefined ? before.current : undefined;
    before.current = openKey;
    if (closed === undefined) return;
    const row = document.querySelector(`[data-row="${CSS.escape(closed)}"] a`);
    if (row instanceof HTMLElement) row.focus();
  }, [openKey]);
  return (
    <div className="list-with-panel" data-open={openKey !== undefined || undefined}>
      <div className="list-with-panel__list">{list}</div>
      {openKey !== undefined && panel}
    </div>
  );
}

/** The details of an item. Takes the focus when it opens; Esc closes it. */
export function Panel({
  title,
  closeHref,
  backLabel,
  children,
}: {
  readonly title: ReactNode;
  /** The list without the details. */
  readonly closeHref: string;
  /** "Exports": where the details lead back to where they fill the page. */
  readonly backLabel: string;
  readonly children: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [, navigate] = useLocation();
  useShortcuts([{ keys: "Escape", label: "Close the details", run: () => navigate(closeHref) }]);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className="panel" aria-labelledby="panel-title">
      <header className="panel__header">
        <Link href={closeHref} className="panel__back">
          <Icon name="chevron-left" />
          {backLabel}
        </Link>
        <h2 id="panel-title" ref={heading} tabIndex={-1} className="text">
          {title}
        </h2>
        <Link
          href={closeHref}
          className="button button--quiet button--small panel__close"
          aria-label="Close details"
        >
          <Icon name="x" />
        </Link>
      </header>
      <div className="panel__body">{children}</div>
    </section>
  );
}

/** Facts as names and values. A value that is undefined is left out. */
export function Facts({ facts }: { readonly facts: Readonly<Record<string, ReactNode>> }) {
  return (
    <dl className="facts">
      {Object.entries(facts)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="text">{value}</dd>
          </div>
        ))}
    </dl>
  );
}
