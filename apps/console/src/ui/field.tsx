import { useId, type ComponentProps, type ReactNode } from "react";

import "./field.css";

type FieldText = {
  readonly label: string;
  readonly hint?: ReactNode;
  /** What is wrong with the value, and what to enter instead. */
  readonly error?: string | undefined;
};

type ControlProps = {
  readonly id: string;
  readonly "aria-describedby"?: string;
  readonly "aria-invalid"?: true;
};

/** A label, a control, and the hint or the error below it. `children` gets the attributes that tie them together. */
export function Field({
  label,
  hint,
  error,
  children,
}: FieldText & { readonly children: (control: ControlProps) => ReactNode }) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        ...(note !== undefined && { "aria-describedby": `${id}-note` }),
        ...(error !== undefined && { "aria-invalid": true }),
      })}
      {note !== undefined && (
        <p id={`${id}-note`} className={error === undefined ? "field__hint" : "field__error"}>
          {note}
        </p>
      )}
    </div>
  );
}

export function TextField({ label, hint, error, ...props }: FieldText & ComponentProps<"input">) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => <input type="text" className="input" dir="auto" {...props} {...control} />}
    </Field>
  );
}

export function TextArea({ label, hint, error, ...props }: FieldText & ComponentProps<"textarea">) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => <textarea className="input" dir="auto" rows={4} {...props} {...control} />}
    </Field>
  );
}

/** A choice between few, all of which are visible. */
export function RadioGroup<T extends string>({
  label,
  options,
  value,
  onChange,
  isCompact = false,
}: {
  readonly label: string;
  readonly options: readonly {
    readonly value: T;
    readonly label: string;
    readonly hint?: string;
  }[];
  readonly value: T;
  readonly onChange: (value: T) => void;
  /** For short words in one row. */
  readonly isCompact?: boolean;
}) {
  const name = useId();
  return (
    <fieldset className="field radio-group">
      <legend>{label}</legend>
      <div className="radio-group__options" data-compact={isCompact || undefined}>
        {options.map((option) => (
          <label key={option.value} className="radio">
            <input
              type="radio"
              name={name}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span>
              {option.label}
              {option.hint !== undefined && <span className="field__hint">{option.hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export function Checkbox({
  label,
  ...props
}: { readonly label: ReactNode } & ComponentProps<"input">) {
  return (
    <label className="checkbox">
      <input {...props} type="checkbox" />
      <span className="text">{label}</span>
    </label>
  );
}
