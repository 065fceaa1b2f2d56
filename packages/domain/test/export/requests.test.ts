import { createExportRequest, DocketError, exportRange, validate } from "../../src/index.ts";

const order = (body: unknown) => validate(createExportRequest, body);
const refusal = (work: () => unknown): DocketError => {
  try {
    work();
  } catch (error) {
    if (error instanceof DocketError) return error;
    throw error;
  }
  throw new Error("was accepted");
};

describe("a request for an export", () => {
  it.each([
    ["matched", "csv", "MATCHED", "CSV"],
    ["Matches", "Json", "MATCHED", "JSON"],
    [" UNMATCHED_transactions ", "XML", "UNMATCHED", "XML"],
    ["variance", "xml", "VARIANCE", "XML"],
    ["EXCEPTIONS", "CSV", "EXCEPTIONS", "CSV"],
  ])("normalises %s as %s", (reportType, format, wantedType, wantedFormat) => {
    expect(order({ reportType, format })).toEqual({ reportType: wantedType, format: wantedFormat });
  });

  it.each([
    [{ reportType: "SUMMARY", format: "CSV" }, /SUMMARY is not offered for asynchronous exports/],
    [{ reportType: "MATCHED", format: "pdf" }, /PDF is not offered for asynchronous exports/],
    [
      { reportType: "constructor", format: "CSV" },
      /reportType must be one of MATCHED, UNMATCHED, VARIANCE, EXCEPTIONS/,
    ],
    [{ reportType: "MATCHED", format: "YAML" }, /format must be one of CSV, JSON, XML/],
    [{ format: "CSV" }, /reportType is required/],
    [{ reportType: "  ", format: "CSV" }, /reportType/],
    [{ reportType: "MATCHED", format: "CSV", tenantId: "x" }, /tenantId/],
    [undefined, /body is required/],
    // 400 wins over 422 when both are there.
    [{ reportType: "SUMMARY", format: "CSV", dateFrom: "2026-02-30" }, /dateFrom/],
  ])("refuses %j with 400", (body, detail) => {
    expect(refusal(() => order(body))).toMatchObject({
      code: "bad_request",
      message: expect.stringMatching(detail),
    });
  });

  it.each([
    [{ reportType: 7, format: "CSV" }, "reportType"],
    [{ reportType: "MATCHED", format: ["CSV"] }, "format"],
    [{ reportType: "MATCHED", format: "CSV", dateFrom: "2026-02-30" }, "dateFrom"],
    [{ reportType: "MATCHED", format: "CSV", dateTo: "31.12.2026" }, "dateTo"],
    [{ reportType: "MATCHED", format: "CSV", dateTo: null }, "dateTo"],
    [{ reportType: "MATCHED", format: "CSV", sourceId: "not-a-uuid" }, "sourceId"],
    [[], ""],
    ["MATCHED", ""],
  ])("finds %j malformed: 422", (body, field) => {
    expect(refusal(() => order(body))).toMatchObject({
      code: "invalid_field",
      errors: [{ field, detail: expect.any(String) }],
    });
  });
});

describe("the range of an export", () => {
  const range = (dateFrom?: string, dateTo?: string) =>
    exportRange(
      { ...(dateFrom !== undefined && { dateFrom }), ...(dateTo !== undefined && { dateTo }) },
      "2026-02-28",
      365,
    );

  it("ends tomorrow and begins 30 days before its end, unless said otherwise", () => {
    expect(range()).toEqual({ dateFrom: "2026-01-30", dateTo: "2026-03-01" });
    expect(range(undefined, "2026-01-15")).toEqual({
      dateFrom: "2025-12-16",
      dateTo: "2026-01-15",
    });
    expect(range("2026-02-01")).toEqual({ dateFrom: "2026-02-01", dateTo: "2026-03-01" });
    expect(range(undefined, "0001-01-05")).toEqual({
      dateFrom: "0001-01-01",
      dateTo: "0001-01-05",
    });
  });

  it("may span 365 days and no more", () => {
    expect(range("2023-01-01", "2024-01-01")).toEqual({
      dateFrom: "2023-01-01",
      dateTo: "2024-01-01",
    });
    expect(refusal(() => range("2023-01-01", "2024-01-02")).message).toMatch(
      /spans 366 days; at most 365/,
    );
    // A leap year has one day more.
    expect(refusal(() => range("2024-01-01", "2025-01-01")).code).toBe("bad_request");
    expect(range("2026-02-28", "2026-02-28")).toEqual({
      dateFrom: "2026-02-28",
      dateTo: "2026-02-28",
    });
  });

  it("may not be reversed, also against a default", () => {
    expect(refusal(() => range("2026-02-02", "2026-02-01")).code).toBe("bad_request");
    expect(refusal(() => range("2026-03-02")).errors).toEqual([
      {
        field: "dateFrom",
        detail: expect.stringContaining("must not be after dateTo (2026-03-01)"),
      },
    ]);
  });
});
