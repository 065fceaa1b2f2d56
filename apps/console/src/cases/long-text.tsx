import { TextArea } from "../ui/field.tsx";
import { formatCount } from "../ui/format.ts";

/** A text of one to `max` characters, as the API counts them. */
export function LongText({
  label,
  value,
  onChange,
  max = 5_000,
  rows = 4,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly max?: number;
  readonly rows?: number;
}) {
  const left = max - lengthOf(value);
  return (
    <TextArea
      label={label}
      rows={rows}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      {...(left < 0 && { error: `${formatCount(-left)} characters too many` })}
      {...(left >= 0 && left < 500 && { hint: `${formatCount(left)} characters left` })}
    />
  );
}

const lengthOf = (text: string): number => Array.from(text.trim()).length;

/** Whether the API takes this text. */
export const isText = (text: string, max = 5_000): boolean =>
  lengthOf(text) > 0 && lengthOf(text) <= max;
