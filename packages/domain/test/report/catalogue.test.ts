import { REPORT_TYPES, reports, type ReportType } from "../../src/report/catalogue.ts";
import type { Column } from "../../src/report/columns.ts";
import { FORMATS } from "../../src/export/formats.ts";

/** Contract §3, letter by letter. */
const CONTRACT: Record<ReportType, string> = {
  MATCHED:
    "transaction_id, match_group_id, source_id, amount, currency, date, external_id, source_name, description, match_rule, confidence",
  UNMATCHED:
    "transaction_id, source_id, amount, currency, status, date, exception_id, due_at, external_id, source_name, description",
  VARIANCE:
    "source_id, currency, fee_schedule_id, fee_schedule_name, total_expected, total_actual, net_variance, variance_pct, item_count, source_name",
  EXCEPTIONS:
    "exception_id, transaction_id, source_id, external_id, amount, currency, date, severity, status, reason, assigned_to, due_at, resolution_type, resolution_notes, created_at, updated_at, dispute_id, dispute_state",
};

const FILLED_BY_CALLERS = [
  "external_id",
  "source_name",
  "description",
  "match_rule",
  "fee_schedule_id",
  "fee_schedule_name",
  "reason",
  "assigned_to",
  "resolution_type",
  "resolution_notes",
];

describe("the reports", () => {
  it("are the four of the contract, in its order", () => {
    expect(REPORT_TYPES).toEqual(["MATCHED", "UNMATCHED", "VARIANCE", "EXCEPTIONS"]);
    expect(Object.keys(reports)).toEqual([...REPORT_TYPES]);
  });

  it.each(REPORT_TYPES)("%s has the columns of the contract in its order", (reportType) => {
    const names = reports[reportType].map(({ name }) => name);
    expect(names.join(", ")).toBe(CONTRACT[reportType]);
  });

  it("hold as text exactly what callers fill", () => {
    const columns = REPORT_TYPES.flatMap((reportType): readonly Column[] => reports[reportType]);
    const texts = columns.filter(({ kind }) => kind === "text").map(({ name }) => name);
    expect(new Set(texts)).toEqual(new Set(FILLED_BY_CALLERS));
  });
});

describe("the formats", () => {
  it("have an extension and a content type each", () => {
    expect(FORMATS).toEqual({
      CSV: { extension: "csv", contentType: "text/csv; charset=utf-8" },
      JSON: { extension: "json", contentType: "application/json" },
      XML: { extension: "xml", contentType: "application/xml" },
    });
  });
});
