import { Field } from "./field.tsx";
import "./period-field.css";
import { PRESETS, presetOf, type Period } from "./periods.ts";
import { Select } from "./select.tsx";

const OPTIONS = [
  ...PRESETS.map(({ value, label }) => ({ value, label })),
  { value: "custom", label: "Other days" },
];

/** Browsers let people enter years of six digits, unless there is a last day. */
const LAST_DAY = "9999-12-31";

/** A range of days: a preset, or any two days of the calendar. */
export function PeriodField({
  period,
  today,
  onChange,
  error,
}: {
  readonly period: Period;
  readonly today: string;
  readonly onChange: (period: Period) => void;
  readonly error?: string | undefined;
}) {
  const { dateFrom, dateTo } = period;
  const choose = (value: string): void => {
    const preset = PRESETS.find((each) => each.value === value);
    if (preset !== undefined) onChange(preset.period(today));
  };
  return (
    <div className="period-field">
      <Field label="Period">
        {({ id }) => (
          <Select id={id} options={OPTIONS} value={presetOf(period, today)} onChange={choose} />
        )}
      </Field>
      <Field label="First day" error={error}>
        {(control) => (
          <input
            {...control}
            type="date"
            className="input"
            max={LAST_DAY}
            value={dateFrom}
            onChange={(event) => onChange({ dateFrom: event.currentTarget.value, dateTo })}
          />
        )}
      </Field>
      <Field label="Last day">
        {(control) => (
          <input
            {...control}
            type="date"
            className="input"
            max={LAST_DAY}
            value={dateTo}
            onChange={(event) => onChange({ dateFrom, dateTo: event.currentTarget.value })}
          />
        )}
      </Field>
    </div>
  );
}
