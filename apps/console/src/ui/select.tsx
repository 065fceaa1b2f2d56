import { Select as BaseSelect } from "@base-ui/react/select";

import { Icon } from "./icon.tsx";
import "./popup.css";
import "./select.css";

export type Option<T extends string> = { readonly value: T; readonly label: string };

type Common<T extends string> = {
  readonly options: readonly Option<T>[];
  /** For assistive technology, where no label is visible. */
  readonly label?: string;
  readonly id?: string;
  readonly className?: string;
};

/** One of many. */
export function Select<T extends string>({
  options,
  value,
  onChange,
  label,
  id,
  className = "",
  placeholder = "Choose",
}: Common<T> & {
  readonly value: T | undefined;
  readonly onChange: (value: T) => void;
  readonly placeholder?: string;
}) {
  return (
    <BaseSelect.Root
      items={options}
      value={value ?? null}
      onValueChange={(chosen) => chosen !== null && onChange(chosen)}
      modal={false}
    >
      <BaseSelect.Trigger id={id} className={`select ${className}`} aria-label={label}>
        <BaseSelect.Value className="truncate">
          {(chosen: T | null) =>
            options.find((each) => each.value === chosen)?.label ?? placeholder
          }
        </BaseSelect.Value>
        <Icon name="chevron-down" size={14} />
      </BaseSelect.Trigger>
      <Options options={options} />
    </BaseSelect.Root>
  );
}

/** Some of many, such as a filter. The trigger names what is chosen. */
export function MultiSelect<T extends string>({
  options,
  value,
  onChange,
  label,
  id,
  className = "",
}: Common<T> & {
  readonly value: readonly T[];
  readonly onChange: (value: readonly T[]) => void;
  readonly label: string;
}) {
  const chosen = options.filter((each) => value.includes(each.value));
  const summary =
    chosen.length > 2 ? `${chosen.length} chosen` : chosen.map((each) => each.label).join(", ");
  return (
    <BaseSelect.Root
      multiple
      items={options}
      value={[...value]}
      onValueChange={(next) => onChange(next)}
      modal={false}
    >
      <BaseSelect.Trigger
        id={id}
        className={`select select--filter ${className}`}
        data-active={chosen.length > 0 || undefined}
        // A combobox is not named by its content.
        aria-label={summary === "" ? label : `${label}: ${summary}`}
      >
        <span>{label}</span>
        {summary !== "" && <span className="select__summary truncate">{summary}</span>}
        <Icon name="chevron-down" size={14} />
      </BaseSelect.Trigger>
      <Options options={options} />
    </BaseSelect.Root>
  );
}

function Options<T extends string>({ options }: { readonly options: readonly Option<T>[] }) {
  return (
    <BaseSelect.Portal>
      <BaseSelect.Positioner className="positioner" sideOffset={4} alignItemWithTrigger={false}>
        <BaseSelect.Popup className="popup">
          <BaseSelect.List>
            {options.map(({ value, label }) => (
              <BaseSelect.Item key={value} value={value} className="popup__item">
                <span className="popup__check">
                  <BaseSelect.ItemIndicator>
                    <Icon name="check" size={14} />
                  </BaseSelect.ItemIndicator>
                </span>
                <BaseSelect.ItemText className="text">{label}</BaseSelect.ItemText>
              </BaseSelect.Item>
            ))}
          </BaseSelect.List>
        </BaseSelect.Popup>
      </BaseSelect.Positioner>
    </BaseSelect.Portal>
  );
}
