import Joi from "joi";
import { addDays, dayNumber } from "../calendar.ts";
import { DocketError } from "../errors.ts";
import { REPORT_TYPES, type ReportType } from "./report-types.ts";
import { day, uuid } from "../schemas.ts";
import { FORMATS, type Format } from "./formats.ts";

/** The body of `POST …/export-jobs`, normalised; the range is still as the caller gave it. */
export type CreateExportRequest = {
  readonly reportType: ReportType;
  readonly format: Format;
  readonly dateFrom?: string;
  readonly dateTo?: string;
  readonly sourceId?: string;
};

/** Other names of report types that callers may use. */
export const REPORT_ALIASES: Readonly<Record<string, ReportType>> = {
  MATCHES: "MATCHED",
  UNMATCHED_TRANSACTIONS: "UNMATCHED",
};

const NOT_ASYNC = "refused.not_async";

const choice = <T extends string>(
  values: readonly T[],
  aliases: Readonly<Record<string, T>>,
  notAsync: string,
): Joi.StringSchema =>
  Joi.string()
    .trim()
    .required()
    .custom((value: string, helpers) => {
      const name = value.toUpperCase();
      if (name === notAsync) return helpers.error(NOT_ASYNC, { name });
      const known =
        values.find((each) => each === name) ??
        (Object.hasOwn(aliases, name) ? aliases[name] : undefined);
      return known ?? helpers.error("any.only");
    })
    .meta({ enum: [...values, ...Object.keys(aliases)], description: "In any case." })
    .messages({
      "any.only": `{#label} must be one of ${values.join(", ")}`,
      [NOT_ASYNC]: `{#label} {#name} is not offered for asynchronous exports; use one of ${values.join(", ")}`,
    });

/** Contract §2, "Create". */
export const createExportRequest = Joi.object<CreateExportRequest>({
  reportType: choice(REPORT_TYPES, REPORT_ALIASES, "SUMMARY"),
  format: choice(Object.keys(FORMATS) as Format[], {}, "PDF"),
  dateFrom: day().meta({ description: "The first day; by default 30 days before `dateTo`." }),
  dateTo: day().meta({ description: "The last day, included; by default tomorrow (UTC)." }),
  sourceId: uuid().meta({ description: "Only what came from this source of the context." }),
})
  .required()
  .meta({ examples: [{ reportType: "MATCHED", format: "CSV" }] })
  .label("body");

/**
 * The range of an export: `dateTo` defaults to tomorrow (UTC), `dateFrom` to 30 days before `dateTo`; both days are included.
 *
 * @param today `YYYY-MM-DD` in UTC.
 * @throws DocketError `bad_request` when the range is reversed or `dateTo − dateFrom` is over `maxSpanDays`: refused, never clamped.
 */
export function exportRange(
  request: Pick<CreateExportRequest, "dateFrom" | "dateTo">,
  today: string,
  maxSpanDays: number,
): { dateFrom: string; dateTo: string } {
  const dateTo = request.dateTo ?? addDays(today, 1);
  // Days begin in the year 0001, and so compare as text.
  const thirtyBefore = addDays(dateTo, -30);
  const dateFrom = request.dateFrom ?? (thirtyBefore < "0001-01-01" ? "0001-01-01" : thirtyBefore);
  const span = dayNumber(dateTo) - dayNumber(dateFrom);
  if (span < 0) {
    const detail = `dateFrom (${dateFrom}) must not be after dateTo (${dateTo})`;
    throw new DocketError("bad_request", `${detail}.`, { errors: [{ field: "dateFrom", detail }] });
  }
  if (span > maxSpanDays) {
    const detail = `the range from ${dateFrom} to ${dateTo} spans ${span} days; at most ${maxSpanDays} are allowed`;
    throw new DocketError("bad_request", `${detail[0]!.toUpperCase()}${detail.slice(1)}.`, {
      errors: [{ field: "dateTo", detail }],
    });
  }
  return { dateFrom, dateTo };
}
