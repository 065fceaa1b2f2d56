import {
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  type ToggleEvent,
} from "react";

import { keepBeside } from "./placement.ts";
import "./popup.css";
import { startsWith } from "./words.ts";

/** Between the button and the popup, in pixels. */
const GAP = 4;

/** What ties a button to its popup. The browser opens and closes it, and tells assistive technology. */
export type PopupTrigger = {
  readonly ref: RefObject<HTMLButtonElement | null>;
  readonly popoverTarget: string;
  readonly "aria-haspopup": "menu" | "dialog";
  readonly onKeyDown: (event: KeyboardEvent<HTMLButtonElement>) => void;
};

/**
 * A button, and what opens next to it, also by the arrows up and down. Escape, Tab and a click elsewhere close it, and the focus
 * returns to the button.
 */
export function Popup({
  role,
  label,
  align = "start",
  renderTrigger,
  children,
}: {
  readonly role: "menu" | "dialog";
  readonly label: string;
  readonly align?: "start" | "end";
  readonly renderTrigger: (attributes: PopupTrigger) => ReactNode;
  /** Is in the page only while the popup is open. */
  readonly children: ReactNode;
}) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const popup = useRef<HTMLDivElement>(null);
  const first = useRef(0);
  const [isOpen, setOpen] = useState(false);
  useLayoutEffect(() => {
    if (!isOpen) return undefined;
    const stop = keepBeside(popup.current!, button.current!, { align, gap: GAP });
    itemsOf(popup.current!).at(first.current)?.focus();
    first.current = 0;
    return stop;
  }, [isOpen, align]);

  const onTriggerKeyDown = (event: KeyboardEvent<HTMLButtonElement>): void => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    first.current = event.key === "ArrowUp" ? -1 : 0;
    // Unlike `showPopover`, this makes it the popup of this button: a click on the button then closes it.
    event.currentTarget.click();
  };
  const listeners = {
    onBeforeToggle: ({ newState, currentTarget }: ToggleEvent<HTMLDivElement>) => {
      if (newState === "closed") returnFocus(currentTarget, button.current);
    },
    onToggle: ({ newState }: ToggleEvent<HTMLDivElement>) => setOpen(newState === "open"),
    onKeyDown,
  };
  return (
    <>
      {renderTrigger({
        ref: button,
        popoverTarget: id,
        "aria-haspopup": role,
        onKeyDown: onTriggerKeyDown,
      })}
      <div
        id={id}
        ref={popup}
        popover="auto"
        className="popup"
        // A closed popup must not look open to ui/shortcuts.ts.
        role={isOpen ? role : undefined}
        aria-label={isOpen ? label : undefined}
        {...listeners}
      >
        {isOpen && children}
      </div>
    </>
  );
}

/**
 * Not by the browser: Safari does not focus a button that is clicked, so it has nothing to return the focus to. What has been
 * clicked meanwhile keeps the focus if it is a control.
 */
function returnFocus(popup: HTMLElement, button: HTMLElement | null): void {
  const focused = document.activeElement as HTMLElement;
  if (popup.contains(focused) || focused.tabIndex < 0) button?.focus();
}

/** What takes the focus in an open popup. */
const itemsOf = (popup: HTMLElement): readonly HTMLElement[] => [
  ...popup.querySelectorAll<HTMLElement>("[role^=menuitem]:not([aria-disabled]), input"),
];

/** The arrows, Home, End and the first letter of an item move the focus. Tab goes on from the button. */
function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
  const { key, currentTarget, ctrlKey, metaKey, altKey } = event;
  if (ctrlKey || metaKey || altKey) return;
  if (key === "Tab") currentTarget.hidePopover();
  const items = itemsOf(currentTarget);
  const current = items.indexOf(document.activeElement as HTMLElement);
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: current + 1,
    ArrowUp: current - 1,
    Home: 0,
    End: -1,
  };
  const target = targets[key];
  const item =
    target === undefined ? startingWith(key, items, current) : items.at(target % items.length);
  if (item === undefined) return;
  event.preventDefault();
  item.focus();
}

/** The next item that starts with this letter. Only items of menus have a text: in a filter, the label has it. */
function startingWith(
  key: string,
  items: readonly HTMLElement[],
  current: number,
): HTMLElement | undefined {
  if (key.length > 1) return undefined;
  const following = [...items.slice(current + 1), ...items.slice(0, current + 1)];
  return following.find(({ textContent }) => startsWith(textContent, key));
}
