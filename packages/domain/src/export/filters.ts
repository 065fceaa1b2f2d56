import type Joi from "joi";
import { instant, repeatableFilter, uuid } from "../schemas.ts";
import { FORMATS } from "./formats.ts";
import { exportLifecycle } from "./lifecycle.ts";
import { REPORT_TYPES } from "./report-types.ts";
import { REPORT_ALIASES } from "./requests.ts";

/** The validated filters of a list of export jobs. */
export type ExportFilters = {
  readonly contextId?: string;
  readonly status?: readonly string[];
  readonly reportType?: readonly string[];
  readonly format?: readonly string[];
  /** RFC 3339 in UTC, inclusive. */
  readonly finishedFrom?: string;
};

/** The filters of `GET /v1/contexts/{contextId}/export-jobs` (docs/api.md §2). */
export const contextExportFilters = {
  status: repeatableFilter(exportLifecycle.states),
  reportType: repeatableFilter(REPORT_TYPES, REPORT_ALIASES),
  format: repeatableFilter(Object.keys(FORMATS)),
  finishedFrom: instant(),
} satisfies Joi.PartialSchemaMap<ExportFilters>;

/** The filters of `GET /v1/export-jobs` (docs/api.md §2). */
export const exportFilters = {
  ...contextExportFilters,
  contextId: uuid(),
} satisfies Joi.PartialSchemaMap<ExportFilters>;
