import type Joi from "joi";
import { REPORT_TYPES } from "./report-types.ts";
import { someOf, uuid } from "../schemas.ts";
import { FORMATS } from "./formats.ts";
import { exportLifecycle } from "./lifecycle.ts";
import { REPORT_ALIASES } from "./requests.ts";

/** What a list of export jobs may be narrowed to. Values of one filter are alternatives; each stands once, in order. */
export type ExportFilters = {
  readonly contextId?: string;
  readonly status?: readonly string[];
  readonly reportType?: readonly string[];
  readonly format?: readonly string[];
};

/** The filters of a context's export jobs (contract §2); each may repeat. Report types have the aliases that create takes. */
export const contextExportFilters = {
  status: someOf(exportLifecycle.states),
  reportType: someOf(REPORT_TYPES, REPORT_ALIASES),
  format: someOf(Object.keys(FORMATS)),
} satisfies Joi.PartialSchemaMap<ExportFilters>;

/** The filters of all of a tenant's export jobs. */
export const exportFilters = {
  ...contextExportFilters,
  contextId: uuid(),
} satisfies Joi.PartialSchemaMap<ExportFilters>;
