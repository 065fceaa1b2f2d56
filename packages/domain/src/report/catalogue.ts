import type { Column } from "./columns.ts";
import { exceptions } from "./exceptions.ts";
import { matched } from "./matched.ts";
import { unmatched } from "./unmatched.ts";
import { variance } from "./variance.ts";

/** The reports that can be exported (contract §2), in the order in which they are named to callers. */
export const REPORT_TYPES = ["MATCHED", "UNMATCHED", "VARIANCE", "EXCEPTIONS"] as const;

export type ReportType = (typeof REPORT_TYPES)[number];

/** The columns of every report, in the order of the files (contract §3). */
export const reports = {
  MATCHED: matched,
  UNMATCHED: unmatched,
  VARIANCE: variance,
  EXCEPTIONS: exceptions,
} as const satisfies Record<ReportType, readonly Column[]>;

/** The name of a column of report `R`. */
export type ColumnName<R extends ReportType> = (typeof reports)[R][number]["name"];
