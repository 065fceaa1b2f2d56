import type { ReportType } from "@docket/domain";
import { escapeLiteral } from "@docket/platform/database";
import { reportQuery } from "@docket/reports";

import type { SeededContext } from "./seed.ts";

/** A `COPY (…) TO STDOUT` without a semicolon, and a SELECT that sets the planner up for it, if any. */
export type MeasuredCopy = { readonly copySql: string; readonly plannerSql?: string | undefined };

/** The COPY that the worker sends for a report of a context: the fastest SQL for the same rows. */
export const reportCopy = (
  reportType: ReportType,
  { contextId, dateFrom, dateTo }: SeededContext,
): MeasuredCopy => reportQuery({ reportType, contextId, dateFrom, dateTo }, escapeLiteral);

/** The same rows and columns as plain CSV, as a person would write it: no formula guard, no file format. */
export const plainCopy = (reportType: ReportType, context: SeededContext): MeasuredCopy => ({
  copySql: `COPY (${PLAIN[reportType](context)}) TO STDOUT (FORMAT csv)`,
});

const inRange = (column: string, { dateFrom, dateTo }: SeededContext): string =>
  `${column} >= '${dateFrom} 00:00:00Z' AND ${column} < '${dateTo} 00:00:00Z'::timestamptz + interval '1 day'`;

const PLAIN = {
  MATCHED: (context) => `
  SELECT t.id, i.match_group_id, t.source_id, i.amount, t.currency, t.date, t.external_id, s.name, t.description, g.rule,
    g.confidence
  FROM transactions t
    JOIN match_group_items i ON i.tenant_id = t.tenant_id AND i.transaction_id = t.id
    JOIN match_groups g ON g.tenant_id = i.tenant_id AND g.id = i.match_group_id
    LEFT JOIN sources s ON s.tenant_id = t.tenant_id AND s.id = t.source_id
  WHERE t.context_id = '${context.contextId}' AND g.context_id = '${context.contextId}' AND g.status = 'CONFIRMED'
    AND ${inRange("t.date", context)}
  ORDER BY t.date, t.id, i.match_group_id`,
  UNMATCHED: (context) => `
  SELECT t.id, t.source_id, t.amount, t.currency, t.status, t.date, e.id, e.due_at, t.external_id, s.name, t.description
  FROM transactions t
    LEFT JOIN exceptions e ON e.tenant_id = t.tenant_id AND e.transaction_id = t.id
    LEFT JOIN sources s ON s.tenant_id = t.tenant_id AND s.id = t.source_id
  WHERE t.context_id = '${context.contextId}' AND t.status <> 'MATCHED' AND ${inRange("t.date", context)}
  ORDER BY t.date, t.id`,
  EXCEPTIONS: (context) => `
  SELECT e.id, e.transaction_id, t.source_id, t.external_id, t.amount, t.currency, t.date, e.severity, e.status, e.reason,
    e.assigned_to, e.due_at, e.resolution_type, e.resolution_notes, e.created_at, e.updated_at, d.id, d.state
  FROM exceptions e
    JOIN transactions t ON t.tenant_id = e.tenant_id AND t.id = e.transaction_id
    LEFT JOIN LATERAL (
      SELECT id, state FROM disputes
      WHERE tenant_id = e.tenant_id AND exception_id = e.id
      ORDER BY created_at DESC, id DESC LIMIT 1) d ON true
  WHERE e.context_id = '${context.contextId}' AND ${inRange("e.created_at", context)}
  ORDER BY e.created_at, e.id`,
  VARIANCE: (context) => `
  SELECT f.source_id, f.currency, f.fee_schedule_id, f.fee_schedule_name, sum(f.expected), sum(f.actual),
    sum(f.actual) - sum(f.expected), round((sum(f.actual) - sum(f.expected)) * 100 / nullif(sum(f.expected), 0), 2), count(*), s.name
  FROM fee_variances f
    JOIN transactions t ON t.tenant_id = f.tenant_id AND t.id = f.transaction_id
    JOIN sources s ON s.tenant_id = f.tenant_id AND s.id = f.source_id
  WHERE f.context_id = '${context.contextId}' AND ${inRange("t.date", context)}
  GROUP BY f.source_id, s.name, f.currency, f.fee_schedule_id, f.fee_schedule_name
  ORDER BY s.name, f.currency, f.fee_schedule_name`,
} as const satisfies Record<ReportType, (context: SeededContext) => string>;
