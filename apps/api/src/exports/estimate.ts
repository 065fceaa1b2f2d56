import { type ExportSpec } from "@docket/domain";
import {
  countWithin,
  escapeLiteral,
  unfinishedMigrations,
  type Database,
} from "@docket/platform/database";
import { reportColumns, reportMigrations, reportQuery } from "@docket/reports";
import { findContext } from "../contexts/service.ts";
import { requireSourceOf } from "../sources/service.ts";

/** How long to count before the planner's estimate has to do (docs/api.md §2). */
const COUNT_TIMEOUT_MS = 2_000;

/** What an export would contain. */
export type ExportEstimate = {
  readonly rows: number;
  /** False if counting took too long: `rows` is then the planner's estimate. */
  readonly exact: boolean;
  readonly columns: readonly string[];
  readonly dateFrom: string;
  readonly dateTo: string;
};

/** @throws DocketError `not_found`, `bad_request` for a source of another context. */
export async function estimateExport(
  { prisma, pool }: Pick<Database, "prisma" | "pool">,
  spec: ExportSpec,
): Promise<ExportEstimate> {
  const { contextId, sourceId, reportType, dateFrom, dateTo } = spec;
  await findContext(prisma, contextId);
  if (sourceId !== undefined) await requireSourceOf(prisma, contextId, sourceId);
  const select = async <Row extends object>(sql: string) => (await pool.query<Row>(sql)).rows;
  const unfinished = await unfinishedMigrations(select, reportMigrations(reportType));
  const query = reportQuery(spec, escapeLiteral, { unfinished });
  const { rows, exact } = await countWithin(pool, query, COUNT_TIMEOUT_MS);
  return { rows, exact, columns: spec.columns ?? reportColumns(reportType), dateFrom, dateTo };
}
