import type { ReportType } from "@docket/domain";
import type { Column } from "./columns.ts";
import { exceptions } from "./exceptions.ts";
import { matched } from "./matched.ts";
import { unmatched } from "./unmatched.ts";
import { variance } from "./variance.ts";

/** The columns of every report, in the order of the files (contract §3). */
export const reports = {
  MATCHED: matched,
  UNMATCHED: unmatched,
  VARIANCE: variance,
  EXCEPTIONS: exceptions,
} as const satisfies Record<ReportType, readonly Column[]>;

/** The name of a column of report `R`. */
export type ColumnName<R extends ReportType> = (typeof reports)[R][number]["name"];
