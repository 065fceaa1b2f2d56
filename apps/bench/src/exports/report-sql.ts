import { escapeLiteral } from "@docket/platform/database";
import { reportQuery, type ReportQuery } from "@docket/reports";

import type { SeededContext } from "./seed.ts";

/** A `COPY (…) TO STDOUT` without a semicolon, and a SELECT that sets the planner up for it, if any. */
export type MeasuredCopy = Pick<ReportQuery, "copySql"> & Partial<Pick<ReportQuery, "plannerSql">>;

/** The COPY that the worker sends for the MATCHED report of a context: the fastest SQL for the same rows. */
export const reportCopy = ({ contextId, dateFrom, dateTo }: SeededContext): MeasuredCopy =>
  reportQuery({ reportType: "MATCHED", contextId, dateFrom, dateTo }, escapeLiteral);

/** The same rows and columns as plain CSV, as a person would write it: no formula guard, no file format. */
export function plainCopy({ contextId, dateFrom, dateTo }: SeededContext): MeasuredCopy {
  const copySql = `COPY (
  SELECT t.id, i.match_group_id, t.source_id, i.amount, t.currency, t.date, t.external_id, s.name, t.description, g.rule,
    g.confidence
  FROM transactions t
    JOIN match_group_items i ON i.tenant_id = t.tenant_id AND i.transaction_id = t.id
    JOIN match_groups g ON g.tenant_id = i.tenant_id AND g.id = i.match_group_id
    LEFT JOIN sources s ON s.tenant_id = t.tenant_id AND s.id = t.source_id
  WHERE t.context_id = '${contextId}' AND g.context_id = '${contextId}' AND g.status = 'CONFIRMED'
    AND t.date >= '${dateFrom} 00:00:00Z' AND t.date < '${dateTo} 00:00:00Z'::timestamptz + interval '1 day'
  ORDER BY t.date, t.id, i.match_group_id
) TO STDOUT (FORMAT csv)`;
  return { copySql };
}
