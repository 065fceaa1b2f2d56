import "./skeleton.css";

/** Lines in place of what is being loaded. They show after 200 ms, so that nothing flashes. */
export function Skeleton({
  lines = 6,
  label = "Loading",
}: {
  readonly lines?: number;
  readonly label?: string;
}) {
  return (
    <div className="skeleton" role="status">
      <span className="visually-hidden">{label}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className="skeleton__line" />
      ))}
    </div>
  );
}
