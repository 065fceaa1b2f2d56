import "./progress.css";

/** A bar with its value in words. Without a value, it only says that work is going on. */
export function Progress({
  value,
  label,
}: {
  /** 0 to 100. */
  readonly value: number | undefined;
  /** Names the bar for assistive technology. */
  readonly label: string;
}) {
  const known = value === undefined ? {} : { "aria-valuenow": Math.round(value) };
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...known}
    >
      <div
        className={value === undefined ? "progress__bar progress__bar--unknown" : "progress__bar"}
        style={value === undefined ? undefined : { inlineSize: `${value}%` }}
      />
    </div>
  );
}
