import type { CreateExportJobRequest, ExportJob } from "@docket/client";

import { PRESETS, todayIn, type Period } from "../ui/periods.ts";
import type { Report } from "./words.ts";

/** What a person fills in. */
export type Order = Period & {
  readonly reportType: string;
  readonly format: string;
  /** "" is all sources. */
  readonly sourceId: string;
  readonly isCompressed: boolean;
  readonly timeZone: string;
  /** Empty is all columns. */
  readonly columns: readonly string[];
};

/** What each part of the form gets. */
export type FieldsProps = {
  readonly contextId: string;
  readonly order: Order;
  readonly onChange: (changes: Partial<Order>) => void;
};

/** The reader's time zone. */
export const localTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** An order to begin with. */
export function newOrder(reportType: Report = "UNMATCHED", period?: Partial<Period>): Order {
  const last30Days = PRESETS[1]!.period(todayIn("UTC"));
  return {
    ...last30Days,
    ...period,
    reportType,
    format: "XLSX",
    sourceId: "",
    isCompressed: false,
    timeZone: "UTC",
    columns: [],
  };
}

/** The order of a job, to be ordered again. */
export const orderOf = (job: ExportJob): Order => ({
  reportType: job.reportType,
  format: job.format,
  dateFrom: job.dateFrom,
  dateTo: job.dateTo,
  sourceId: job.sourceId ?? "",
  isCompressed: job.compression !== undefined,
  timeZone: job.timeZone ?? "UTC",
  columns: job.columns ?? [],
});

/** XLSX is compressed by itself, and the API refuses gzip for it. */
export const canCompress = ({ format }: Order): boolean => format !== "XLSX";

/** The body of the request. What has its default is left out. */
export const toRequest = (order: Order): CreateExportJobRequest => ({
  reportType: order.reportType,
  format: order.format,
  dateFrom: order.dateFrom,
  dateTo: order.dateTo,
  ...(order.sourceId !== "" && { sourceId: order.sourceId }),
  ...(order.isCompressed && canCompress(order) && { compression: "GZIP" }),
  ...(order.timeZone !== "UTC" && { timeZone: order.timeZone }),
  ...(order.columns.length > 0 && { columns: order.columns }),
});

/** What is wrong with the days; undefined if nothing is. The API checks all else. */
export function faultOfDays({ dateFrom, dateTo }: Period): string | undefined {
  if (dateFrom === "" || dateTo === "") return "Choose both days";
  return dateFrom > dateTo ? "The first day must not be after the last" : undefined;
}
