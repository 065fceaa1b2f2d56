import type Joi from "joi";
import { repeatableFilter, uuid } from "../schemas.ts";
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
};

/** The filters of `GET /v1/contexts/{contextId}/export-jobs` (docs/api.md §2). */
export const contextExportFilters = {
  status: repeatableFilter(exportLifecycle.states),
  reportType: repeatableFilter(REPORT_TYPES, REPORT_ALIASES),
  format: repeatableFilter(Object.keys(FORMATS)),
} satisfies Joi.PartialSchemaMap<ExportFilters>;

/** The filters of `GET /v1/export-jobs` (docs/api.md §2). */
export const exportFilters = {
  ...contextExportFilters,
  contextId: uuid(),
} satisfies Joi.PartialSchemaMap<ExportFilters>;
