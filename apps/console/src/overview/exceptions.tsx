import type { Summary } from "@docket/client";

import { formatCount, sentenceCase } from "../ui/format.ts";
import { todayIn } from "../ui/periods.ts";
import { FigureLink } from "./figure-link.tsx";
import { daysOfAge, exceptionsLink, type FigureTarget } from "./links.ts";

const AGES: Readonly<Record<string, string>> = {
  "0-7": "Up to 7 days",
  "8-30": "8 to 30 days",
  "31-90": "31 to 90 days",
  "over-90": "Over 90 days",
};
/** The most severe first. */
const SEVERITIES = ["CRITICAL", "HIGH", "MEDIUM", "LOW"];

/** The open exceptions by what makes them urgent. */
export function Exceptions({ summary: { contextId, exceptions } }: { readonly summary: Summary }) {
  const today = todayIn("UTC");
  const bySeverity = exceptions.bySeverity.toSorted(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity),
  );
  return (
    <section className="card" aria-labelledby="open-exceptions">
      <h2 id="open-exceptions">Open exceptions</h2>
      <div className="overview__halves">
        <Bars
          title="By severity"
          rows={bySeverity.map(({ severity, count }) => ({
            name: sentenceCase(severity),
            count,
            to: exceptionsLink(contextId, { severity: [severity] }),
          }))}
        />
        <Bars
          title="By age"
          rows={exceptions.byAge.map(({ bucket, count }) => ({
            name: AGES[bucket] ?? bucket,
            count,
            to: exceptionsLink(contextId, daysOfAge(bucket, today)),
          }))}
        />
      </div>
    </section>
  );
}

type Row = { readonly name: string; readonly count: number; readonly to: FigureTarget };

function Bars({ title, rows }: { readonly title: string; readonly rows: readonly Row[] }) {
  const most = Math.max(1, ...rows.map(({ count }) => count));
  return (
    <div>
      <h3 className="secondary">{title}</h3>
      <ul className="bars">
        {rows.map(({ name, count, to }) => (
          <li key={name}>
            <FigureLink to={to} className="bars__row">
              <span>{name}</span>
              <span className="bars__track">
                <span className="bars__bar" style={{ inlineSize: `${(count / most) * 100}%` }} />
              </span>
              <span className="bars__count">{formatCount(count)}</span>
            </FigureLink>
          </li>
        ))}
      </ul>
    </div>
  );
}
