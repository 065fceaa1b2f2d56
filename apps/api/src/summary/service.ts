import { AGE_BUCKETS, UNFINISHED_EXPORT_STATUSES, type ExportSpec } from "@docket/domain";
import { Prisma, type Database } from "@docket/platform/database";
import { countersRelation } from "@docket/platform/rows";

/** Days, both inclusive. */
export type SummaryRange = Pick<ExportSpec, "dateFrom" | "dateTo">;

/** A figure of a summary, by what divides it. Figures of 0 are left out. */
export type Figure = {
  readonly figure: string;
  readonly at: Date | null;
  readonly currency: string;
  readonly label: string;
  readonly count: number;
  /** A decimal string. */
  readonly amount: string;
};

/**
 * All figures of a summary from the counters and the export jobs (docs/api.md §8), in one statement and so as of one instant: that of
 * the figure `as-of`. It is a whole second, because the counters of ages and deadlines have seconds (docs/decisions/0015).
 */
export async function summaryFigures(
  { prisma, pool }: Pick<Database, "prisma" | "pool">,
  contextId: string,
  range: SummaryRange,
): Promise<readonly Figure[]> {
  const { text, values } = figuresQuery(await countersRelation(prisma), contextId, range);
  // Not through Prisma, which takes milliseconds to decode a year of days.
  return (await pool.query<Figure>({ text, values })).rows;
}

const figuresQuery = (
  counters: Prisma.Sql,
  contextId: string,
  range: SummaryRange,
): Prisma.Sql => Prisma.sql`
  WITH instant AS MATERIALIZED (SELECT date_trunc('second', statement_timestamp()) AS as_of),
  statuses AS MATERIALIZED (
    SELECT currency, label, sum(count) AS count, sum(amount) AS amount FROM ${transactionDays(counters, contextId, range)}
    GROUP BY currency, label),
  totals AS MATERIALIZED (
    SELECT name, currency, label, sum(count) AS count, sum(amount) AS amount FROM ${counters}
    WHERE context_id = ${contextId}::uuid AND name IN ('exceptions-assigned', 'exceptions-unassigned', 'disputes')
    GROUP BY name, currency, label)
  SELECT figure, at, currency, label, count::float8 AS count, trim_scale(amount)::text AS amount
  FROM (
    SELECT 'as-of' AS figure, as_of AS at, '' AS currency, '' AS label, 1 AS count, 0 AS amount FROM instant
    UNION ALL
    SELECT 'transactions', NULL, '', label, sum(count), 0 FROM statuses GROUP BY label
    UNION ALL
    SELECT 'amounts', NULL, currency, CASE label WHEN 'MATCHED' THEN 'matched' ELSE 'unmatched' END, sum(count), sum(amount)
    FROM statuses WHERE label <> 'IGNORED' GROUP BY 3, 4
    UNION ALL
    SELECT 'daily', at, '', CASE label WHEN 'MATCHED' THEN 'matched' ELSE '' END, sum(count), 0
    FROM ${transactionDays(counters, contextId, range)} GROUP BY 2, 4
    UNION ALL
    SELECT name, NULL, '', label, sum(count), 0 FROM totals GROUP BY name, label
    UNION ALL
    SELECT 'dispute-amounts', NULL, currency, CASE label WHEN 'WON' THEN 'recovered' WHEN 'LOST' THEN 'lost' ELSE 'disputed' END,
           sum(count), sum(amount)
    FROM totals WHERE name = 'disputes' AND label <> 'DRAFT' GROUP BY 3, 4
    UNION ALL
    ${passedMoments(counters, contextId)}
    UNION ALL
    SELECT 'exports-unfinished', NULL, '', '', count(*), 0 FROM export_jobs
    WHERE context_id = ${contextId}::uuid AND status IN (${Prisma.join([...UNFINISHED_EXPORT_STATUSES])})
    UNION ALL
    SELECT 'exports-failed', NULL, '', '', count(*), 0 FROM export_jobs, instant
    WHERE context_id = ${contextId}::uuid AND status = 'FAILED' AND finished_at > instant.as_of - interval '24 hours'
  ) figures
  WHERE count > 0`;

/** Read twice: summing amounts by day as well would take several times as long as a second scan. */
const transactionDays = (
  counters: Prisma.Sql,
  contextId: string,
  { dateFrom, dateTo }: SummaryRange,
): Prisma.Sql => Prisma.sql`${counters}
    WHERE context_id = ${contextId}::uuid AND name = 'transactions'
      AND at >= ${dateFrom}::timestamptz AND at < ${dateTo}::timestamptz + interval '24 hours'`;

/** What the counters by day and second count, and how many days before `as_of` the moments lie that are counted. */
const MOMENTS = [
  ...AGE_BUCKETS.filter(({ fromDays }) => fromDays > 0).map(({ bucket, fromDays }) => ({
    figure: "exceptions-from-age",
    label: bucket,
    name: "exceptions-created",
    days: fromDays,
  })),
  { figure: "exceptions-overdue", label: "", name: "exceptions-due", days: 0 },
  { figure: "disputes-overdue", label: "", name: "disputes-due", days: 0 },
];

/** The sums of moments before an instant: the days before that of the instant, and the seconds of its day. */
const passedMoments = (counters: Prisma.Sql, contextId: string): Prisma.Sql => Prisma.sql`
  SELECT figure, NULL, '', label, sum(passed.count), 0
  FROM (VALUES ${Prisma.join(MOMENTS.map(({ figure, label, name, days }) => Prisma.sql`(${figure}, ${label}, ${name}, ${days}::int)`))})
    moment (figure, label, name, days)
  CROSS JOIN LATERAL (SELECT as_of - days * interval '24 hours' AS until FROM instant) bound
  CROSS JOIN LATERAL (SELECT date_bin('1 day', until, '2000-01-01Z') AS day) day
  CROSS JOIN LATERAL (VALUES (name || '-day', '-infinity', day), (name || '-second', day, until)) part (name, lower, upper)
  CROSS JOIN LATERAL (
    SELECT sum(c.count) AS count FROM ${counters} c
    WHERE c.context_id = ${contextId}::uuid AND c.name = part.name AND c.at >= part.lower AND c.at < part.upper) passed
  GROUP BY figure, label`;
