import type { ReportType } from "@docket/domain";
import type { Report } from "./report.ts";
import { exceptions } from "./reports/exceptions.ts";
import { matched } from "./reports/matched.ts";
import { unmatched } from "./reports/unmatched.ts";
import { variance } from "./reports/variance.ts";

/** Every report by its type (docs/api.md §3). */
export const reports = {
  MATCHED: matched,
  UNMATCHED: unmatched,
  VARIANCE: variance,
  EXCEPTIONS: exceptions,
} as const satisfies Record<ReportType, Report>;
