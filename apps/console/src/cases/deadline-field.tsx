import { TextField } from "../ui/field.tsx";
import { isLocalInput } from "./deadline.ts";

/** A day and a time in the reader's time zone. A form with one that is not `isLocalInput` is not valid. */
export function DeadlineField({
  label,
  value,
  onChange,
  hint,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string;
}) {
  return (
    <TextField
      label={label}
      type="datetime-local"
      max="9999-12-31T23:59"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      hint={hint}
      error={isLocalInput(value) ? undefined : "Enter a year of four digits."}
    />
  );
}
