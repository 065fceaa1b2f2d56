import { LongText } from "../../cases/long-text.tsx";
import { Field } from "../../ui/field.tsx";
import { RESOLUTION_TYPES, resolutionLabel } from "../words.ts";

export type Resolution = { readonly type: string; readonly notes: string };

/** How an exception was resolved. */
export function ResolutionFields({
  value,
  onChange,
}: {
  readonly value: Resolution;
  readonly onChange: (value: Resolution) => void;
}) {
  return (
    <>
      <Field label="Resolution" hint="Choose a type, or enter one of your own.">
        {(control) => (
          <>
            <input
              {...control}
              type="text"
              className="input"
              list={`${control.id}-types`}
              maxLength={200}
              value={value.type}
              onChange={(event) => onChange({ ...value, type: event.currentTarget.value })}
            />
            <datalist id={`${control.id}-types`}>
              {RESOLUTION_TYPES.map((type) => (
                <option key={type}>{resolutionLabel(type)}</option>
              ))}
            </datalist>
          </>
        )}
      </Field>
      <LongText
        label="Notes"
        value={value.notes}
        onChange={(notes) => onChange({ ...value, notes })}
      />
    </>
  );
}
