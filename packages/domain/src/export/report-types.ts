/** The reports that can be exported (docs/api.md §2), in the order in which error messages list them. */
export const REPORT_TYPES = ["MATCHED", "UNMATCHED", "VARIANCE", "EXCEPTIONS"] as const;

export type ReportType = (typeof REPORT_TYPES)[number];
