import { useNow } from "../ui/clock.ts";
import { formatRelative } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import type { Conflict } from "./use-change.ts";

/** The fields that a conflict compares, by their labels. */
export type Compared<R> = Readonly<Record<string, (resource: R) => string | undefined>>;

/** What changed while a form was open, and who changed it. The form keeps its entries. */
export function ConflictNotice<R>({
  conflict: { before, current, events },
  fields,
}: {
  readonly conflict: Conflict<R>;
  readonly fields: Compared<R>;
}) {
  const now = useNow(10_000);
  const changes = Object.entries(fields)
    .map(([label, read]) => ({ label, from: read(before), to: read(current) }))
    .filter(({ from, to }) => from !== to);
  const last = events.at(-1);
  const actors = [...new Set(events.map(({ actor }) => actor))];
  return (
    <div className="conflict" role="alert">
      <Icon name="alert" />
      <div className="conflict__text">
        <p>
          <strong className="text">{actors.join(", ") || "Somebody"}</strong> changed this
          {last === undefined ? "" : ` ${formatRelative(last.at, now)}`}. Your entries are kept.
          Check them, then submit again.
        </p>
        {changes.length > 0 && (
          <table className="comparison">
            <thead>
              <tr>
                <th scope="col">Field</th>
                <th scope="col">When you began</th>
                <th scope="col">Now</th>
              </tr>
            </thead>
            <tbody>
              {changes.map(({ label, from, to }) => (
                <tr key={label}>
                  <th scope="row">{label}</th>
                  <td className="text">{brief(from)}</td>
                  <td className="text">{brief(to)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </div>
  );
}

const MAX_SHOWN = 120;

/** A description may have 5,000 characters; the form must stay in sight. */
const brief = (value: string = "–"): string =>
  value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value;
