import type { KeyboardEvent } from "react";

import { Icon } from "./icon.tsx";
import { Popup } from "./popup.tsx";
import "./select.css";
import { startsWith } from "./words.ts";

export type Option<T extends string> = { readonly value: T; readonly label: string };

/** One of many. Only a choice in its open list calls `onChange`. */
export function Select<T extends string>({
  options,
  value,
  onChange,
  label,
  id,
  className = "",
  placeholder = "Choose",
}: {
  readonly options: readonly Option<T>[];
  readonly value: T | undefined;
  readonly onChange: (value: T) => void;
  /** For assistive technology, where no label is visible. */
  readonly label?: string;
  readonly id?: string;
  readonly className?: string;
  readonly placeholder?: string;
}) {
  const known = options.find((each) => each.value === value);
  return (
    <span className={`select ${className}`}>
      <select
        id={id}
        className="select__control"
        aria-label={label}
        value={known?.value ?? ""}
        onChange={(event) => onChange(event.currentTarget.value as T)}
        onKeyDown={onKeyDown}
      >
        {/* What the closed select shows, where its list is part of the page. Other browsers leave it out. */}
        <button type="button" inert className="truncate">
          {known?.label ?? placeholder}
        </button>
        {known === undefined && (
          <option value="" disabled hidden>
            {placeholder}
          </option>
        )}
        {options.map((each) => (
          <option key={each.value} value={each.value}>
            {each.label}
          </option>
        ))}
      </select>
      <Icon name="chevron-down" size={14} />
    </span>
  );
}

/** With these keys, browsers change the value of a closed select. */
const CHANGING_KEY = /^(?:Arrow.+|Page.+|Home|End|\S)$/;

/**
 * Opens the list instead of changing the value: a change may open another page (WCAG 2.2, 3.2.2). The keys in an open list are
 * for the list only, so that Escape does not close the dialog around it.
 */
function onKeyDown(event: KeyboardEvent<HTMLSelectElement>): void {
  const { key, currentTarget: select, altKey, ctrlKey, metaKey } = event;
  if (isOpen(select)) {
    event.stopPropagation();
    return;
  }
  if (altKey || ctrlKey || metaKey || !CHANGING_KEY.test(key)) return;
  // Safari has no `showPicker`. There, the arrows open the list.
  if ("showPicker" in select || !key.startsWith("Arrow")) event.preventDefault();
  select.showPicker?.();
  // A list of the system ignores it.
  [...select.options].find(({ text }) => startsWith(text, key))?.focus();
}

/** Safari has no `:open`, and dispatches no keys while a list is open. */
const isOpen = (select: HTMLSelectElement): boolean =>
  CSS.supports("selector(:open)") && select.matches(":open");

/** Some of many, such as a filter. The trigger names what is chosen. */
export function MultiSelect<T extends string>({
  options,
  value,
  onChange,
  label,
}: {
  readonly options: readonly Option<T>[];
  readonly value: readonly T[];
  readonly onChange: (value: readonly T[]) => void;
  readonly label: string;
}) {
  const chosen = options.filter((each) => value.includes(each.value));
  const summary =
    chosen.length > 2 ? `${chosen.length} chosen` : chosen.map((each) => each.label).join(", ");
  return (
    <Popup
      role="dialog"
      label={label}
      renderTrigger={(attributes) => (
        <button
          {...attributes}
          type="button"
          className="select select--filter"
          data-active={chosen.length > 0 || undefined}
        >
          <span>{label}</span>{" "}
          {summary !== "" && <span className="select__summary truncate">{summary}</span>}
          <Icon name="chevron-down" size={14} />
        </button>
      )}
    >
      {options.map((each) => (
        <label key={each.value} className="popup__item">
          <input
            type="checkbox"
            checked={value.includes(each.value)}
            onChange={({ currentTarget: { checked } }) =>
              onChange(
                checked ? [...value, each.value] : value.filter((other) => other !== each.value),
              )
            }
          />
          <span className="text">{each.label}</span>
        </label>
      ))}
    </Popup>
  );
}
