import type { ExportFilters } from "@docket/domain";
import type { Transaction } from "@docket/platform/database";
import { pageArguments, type Window } from "../lists/newest-first.ts";
import { findContext } from "../contexts/service.ts";
import type { ExportJobRow } from "./service.ts";

/** Newest first, over all of the tenant's contexts. */
export function listExports(
  within: Transaction,
  filters: ExportFilters,
  window: Window,
): Promise<ExportJobRow[]> {
  const { contextId, status, reportType, format } = filters;
  const { where, ...page } = pageArguments(window);
  return within.exportJob.findMany({
    ...page,
    where: {
      ...where,
      ...(contextId !== undefined && { contextId }),
      ...(status !== undefined && { status: { in: [...status] } }),
      ...(reportType !== undefined && { reportType: { in: [...reportType] } }),
      ...(format !== undefined && { format: { in: [...format] } }),
    },
  });
}

/** The same of one context. @throws DocketError `not_found`, also for another tenant's. */
export async function listContextExports(
  within: Transaction,
  contextId: string,
  filters: ExportFilters,
  window: Window,
): Promise<ExportJobRow[]> {
  await findContext(within, contextId);
  return listExports(within, { ...filters, contextId }, window);
}
