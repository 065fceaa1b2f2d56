import { REPORT_TYPES, type ExportFilters } from "@docket/domain";
import type { Transaction } from "@docket/platform/database";
import { pageArguments, type Window } from "../lists/newest-first.ts";
import { findContext } from "../contexts/service.ts";
import type { ExportJobRow } from "./service.ts";

/** The tenant's exports, newest first. */
export function listExports(
  tx: Transaction,
  filters: ExportFilters,
  window: Window,
): Promise<ExportJobRow[]> {
  const { contextId, status, format, finishedFrom } = filters;
  // Names all report types, because the index export_jobs_by_kind begins with them.
  const reportType = filters.reportType ?? (format && REPORT_TYPES);
  const { where, ...page } = pageArguments(window);
  return tx.exportJob.findMany({
    ...page,
    where: {
      ...where,
      ...(contextId !== undefined && { contextId }),
      ...(status !== undefined && { status: { in: [...status] } }),
      ...(reportType !== undefined && { reportType: { in: [...reportType] } }),
      ...(format !== undefined && { format: { in: [...format] } }),
      ...(finishedFrom !== undefined && { finishedAt: { gte: new Date(finishedFrom) } }),
    },
  });
}

/** A context's exports, newest first. @throws DocketError `not_found`, also for another tenant's context. */
export async function listContextExports(
  tx: Transaction,
  contextId: string,
  filters: ExportFilters,
  window: Window,
): Promise<ExportJobRow[]> {
  await findContext(tx, contextId);
  return listExports(tx, { ...filters, contextId }, window);
}
