import { useId, useState, type KeyboardEvent, type ReactNode, type ToggleEvent } from "react";

import "./popup.css";

/** What ties a button to its popup. The browser opens and closes it, and tells assistive technology. */
export type PopupTrigger = {
  readonly popoverTarget: string;
  readonly "aria-haspopup": "menu" | "dialog";
};

/** A button, and what opens next to it. Escape, Tab and a click elsewhere close it, and the focus returns to the button. */
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
  const [isOpen, setOpen] = useState(false);
  const listeners = {
    onBeforeToggle: ({ newState }: ToggleEvent<HTMLDivElement>) => {
      if (newState === "open") setOpen(true);
    },
    onToggle: ({ newState, currentTarget }: ToggleEvent<HTMLDivElement>) => {
      if (newState === "open") itemsOf(currentTarget)[0]?.focus();
      // Not before: the browser returns the focus only from an element that is still there.
      else setOpen(false);
    },
    onKeyDown,
  };
  return (
    <>
      {renderTrigger({ popoverTarget: id, "aria-haspopup": role })}
      <div
        id={id}
        popover="auto"
        className={`popup popup--${align}`}
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

/** What takes the focus in an open popup. */
const itemsOf = (popup: HTMLElement): readonly HTMLElement[] => [
  ...popup.querySelectorAll<HTMLElement>("[role=menuitem]:not([aria-disabled]), input"),
];

/** The arrows, Home and End move the focus among the items. Tab goes on from the button. */
function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
  if (event.key === "Tab") event.currentTarget.hidePopover();
  const items = itemsOf(event.currentTarget);
  const current = items.indexOf(document.activeElement as HTMLElement);
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: current + 1,
    ArrowUp: current - 1,
    Home: 0,
    End: -1,
  };
  const target = targets[event.key];
  if (target === undefined) return;
  event.preventDefault();
  items.at(target % items.length)?.focus();
}
