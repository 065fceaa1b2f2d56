import type { Summary } from "@docket/client";

import { formatCount, formatDay, formatShare } from "../ui/format.ts";

/** The numbers of the chart. */
export function DailyTable({ days }: { readonly days: Summary["daily"] }) {
  return (
    <details className="daily__table">
      <summary className="small">Show as a table</summary>
      <div className="daily__rows" tabIndex={0} role="region" aria-label="Match rate by day">
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Day</th>
              <th scope="col">Transactions</th>
              <th scope="col">Matched</th>
              <th scope="col">Rate</th>
            </tr>
          </thead>
          <tbody>
            {days.map(({ date, total, matched }) => (
              <tr key={date}>
                <th scope="row">{formatDay(date)}</th>
                <td>{formatCount(total)}</td>
                <td>{formatCount(matched)}</td>
                <td>{formatShare(matched, total)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
