import { useEffect, useRef } from "react";

import { preferences } from "./preferences.ts";

export type Shortcut = {
  /** A key as in KeyboardEvent, or two that follow each other: "g e". */
  readonly keys: string;
  /** What it does, for the list of shortcuts. */
  readonly label: string;
  readonly run: () => void;
};

/** How long the second key of two may take. */
const SEQUENCE_MS = 1_500;

const registered: { current: readonly Shortcut[] }[] = [];

/** Active while the component is there. Of two with the same keys, the latest counts. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    registered.push(latest);
    return () => void registered.splice(registered.indexOf(latest), 1);
  }, []);
}

/** All that are active, without those that are hidden by a later one. */
export function activeShortcuts(): readonly Shortcut[] {
  const byKeys = new Map(
    registered.flatMap(({ current }) => current).map((each) => [each.keys, each]),
  );
  return [...byKeys.values()];
}

/** Listens to the keyboard. @returns what stops it */
export function listenForShortcuts(): () => void {
  let first: { readonly key: string; readonly at: number } | undefined;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isForOthers(event)) return;
    const before = first !== undefined && event.timeStamp - first.at < SEQUENCE_MS ? first.key : "";
    const shortcuts = activeShortcuts();
    const keys = before === "" ? event.key : `${before} ${event.key}`;
    const found = shortcuts.find((each) => each.keys === keys);
    const begins = shortcuts.some((each) => each.keys.startsWith(`${event.key} `));
    first = begins && before === "" ? { key: event.key, at: event.timeStamp } : undefined;
    if (found === undefined) return;
    event.preventDefault();
    found.run();
  };
  document.addEventListener("keydown", onKeyDown);
  return () => document.removeEventListener("keydown", onKeyDown);
}

const TEXT_FIELDS = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
/** A toast is a dialog, too, but does not take the keyboard. */
const FLOATING = "[role=dialog]:not(.toast), [role=alertdialog], [role=menu], [role=listbox]";

/** Fields, dialogs and menus keep their keys, and so does the browser. */
function isForOthers(event: KeyboardEvent): boolean {
  const { target } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true;
  // WCAG 2.2, 2.1.4 is about keys that write a character.
  if (event.key.length === 1 && preferences().shortcuts === "off") return true;
  if (target instanceof Element && target.matches(TEXT_FIELDS)) return true;
  return document.querySelector(FLOATING) !== null;
}
