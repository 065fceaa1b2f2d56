import type { Summary } from "@docket/client";

import type { LinkQuery } from "../app/paths.ts";
import { formatCount, formatDay, formatShare } from "../ui/format.ts";
import { FigureLink } from "./figure-link.tsx";
import { transactionsLink } from "./links.ts";

/** The numbers of the chart. */
export function DailyTable({
  contextId,
  daily,
  inProgress,
}: Pick<Summary, "contextId" | "daily"> & {
  readonly inProgress: (day: Summary["daily"][number]) => boolean;
}) {
  const link = (date: string, query: LinkQuery) =>
    transactionsLink(contextId, { dateFrom: date, dateTo: date }, query);
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
            {daily.map((day) => {
              const { date, total, matched } = day;
              return (
                <tr key={date}>
                  <th scope="row">{formatDay(date)}</th>
                  <td>
                    <FigureLink to={link(date, {})}>{formatCount(total)}</FigureLink>
                  </td>
                  <td>
                    <FigureLink to={link(date, { status: ["MATCHED"] })}>
                      {formatCount(matched)}
                    </FigureLink>
                  </td>
                  <td>
                    {inProgress(day) && <span className="small secondary">in progress </span>}
                    {formatShare(matched, total)}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </details>
  );
}
