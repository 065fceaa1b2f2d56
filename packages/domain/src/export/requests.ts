import Joi from "joi";
import { addDays, dayNumber } from "../calendar.ts";
import { DocketError } from "../errors.ts";
import { boundedString, day, oneOf, uuid } from "../schemas.ts";
import { COMPRESSIONS, FORMATS, type Compression, type Format } from "./formats.ts";
import type { ExportSpec } from "./export-job.ts";
import { REPORT_TYPES, type ReportType } from "./report-types.ts";
import { dayAt, isTimeZone, startOfDay } from "./time-zone.ts";

/** The validated body of `POST …/export-jobs`. {@link exportRange} applies the defaults of the range. */
export type CreateExportRequest = {
  readonly reportType: ReportType;
  readonly format: Format;
  readonly dateFrom?: string;
  readonly dateTo?: string;
  readonly sourceId?: string;
  readonly compression?: Compression;
  readonly columns?: readonly string[];
  readonly timeZone?: string;
};

/** Alternative names of report types. */
export const REPORT_ALIASES: Readonly<Record<string, ReportType>> = {
  MATCHES: "MATCHED",
  UNMATCHED_TRANSACTIONS: "UNMATCHED",
};

/** The first day of the calendar (`isDay`). */
const FIRST_DAY = "0001-01-01";

/** More and longer than those of any report; the API then names the unknown ones. */
const [MAX_COLUMNS, MAX_COLUMN_LENGTH] = [100, 100];

const NOT_ASYNC = "refused.not_async";

/** One of `values` or `aliases`, in any case. `notAsync` is a known value that asynchronous exports do not offer. */
const choice = <T extends string>(
  values: readonly T[],
  aliases: Readonly<Record<string, T>>,
  notAsync: string,
): Joi.StringSchema =>
  boundedString("any.only", (given, helpers) => {
    const name = given.trim().toUpperCase();
    if (name === notAsync) return helpers.error(NOT_ASYNC, { name });
    const known =
      values.find((value) => value === name) ??
      (Object.hasOwn(aliases, name) ? aliases[name] : undefined);
    return known ?? helpers.error("any.only");
  })
    .required()
    .meta({ enum: [...values, ...Object.keys(aliases)], description: "In any case." })
    .messages({
      "any.only": `{#label} must be one of ${values.join(", ")}`,
      [NOT_ASYNC]: `{#label} {#name} is not offered for asynchronous exports; use one of ${values.join(", ")}`,
    });

export const createExportRequest = Joi.object<CreateExportRequest>({
  reportType: choice(REPORT_TYPES, REPORT_ALIASES, "SUMMARY"),
  format: choice(Object.keys(FORMATS) as Format[], {}, "PDF"),
  dateFrom: day().meta({ description: "The first day. Default: 30 days before `dateTo`." }),
  dateTo: day().meta({ description: "The last day, inclusive. Default: tomorrow." }),
  sourceId: uuid().meta({ description: "Exports only the records of this source of the context." }),
  compression: oneOf(Object.keys(COMPRESSIONS)).when("format", {
    is: "XLSX",
    // oxlint-disable-next-line unicorn/no-thenable -- Joi's name
    then: Joi.forbidden().messages({
      "any.unknown": "{#label} is not available for XLSX, which is compressed already",
    }),
  }),
  columns: Joi.array()
    .items(Joi.string().max(MAX_COLUMN_LENGTH))
    .min(1)
    .max(MAX_COLUMNS)
    .unique()
    .meta({ description: "The columns of the report to export, in this order. Default: all." }),
  timeZone: boundedString("any.only", (given, helpers) =>
    isTimeZone(given) ? given : helpers.error("any.only"),
  )
    .messages({ "any.only": "{#label} must be a time zone of the IANA database" })
    .meta({
      description: "The IANA time zone whose days `dateFrom` and `dateTo` are. Default: UTC.",
      examples: ["Europe/Berlin"],
    }),
})
  .required()
  .meta({ examples: [{ reportType: "MATCHED", format: "CSV" }] })
  .label("body");

/**
 * The range of an export, both days inclusive. `dateTo` defaults to tomorrow in the time zone, `dateFrom` to 30 days before
 * `dateTo` (docs/api.md §2). The bounds of a time zone's days are computed here, once.
 *
 * @param now seconds since 1970-01-01T00:00:00Z.
 * @throws DocketError `bad_request` if the range is reversed or `dateTo − dateFrom` exceeds `maxSpanDays`.
 */
export function exportRange(
  request: Pick<CreateExportRequest, "dateFrom" | "dateTo" | "timeZone">,
  now: number,
  maxSpanDays: number,
): Pick<ExportSpec, "dateFrom" | "dateTo" | "zone"> {
  const { timeZone } = request;
  const dateTo = request.dateTo ?? addDays(dayAt(now, timeZone ?? "UTC"), 1);
  const defaultFrom = addDays(dateTo, -30);
  const dateFrom = request.dateFrom ?? (defaultFrom < FIRST_DAY ? FIRST_DAY : defaultFrom);
  const span = dayNumber(dateTo) - dayNumber(dateFrom);
  if (span < 0) {
    const detail = `dateFrom (${dateFrom}) must not be after dateTo (${dateTo})`;
    throw new DocketError("bad_request", `${detail}.`, { errors: [{ field: "dateFrom", detail }] });
  }
  if (span > maxSpanDays) {
    const detail = `dateTo (${dateTo}) is ${span} days after dateFrom (${dateFrom}); at most ${maxSpanDays} are allowed`;
    throw new DocketError("bad_request", `${detail}.`, { errors: [{ field: "dateTo", detail }] });
  }
  if (timeZone === undefined) return { dateFrom, dateTo };
  const from = startOfDay(dateFrom, timeZone);
  const until = startOfDay(addDays(dateTo, 1), timeZone);
  return { dateFrom, dateTo, zone: { timeZone, from, until } };
}
