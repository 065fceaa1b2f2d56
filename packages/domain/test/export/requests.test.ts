import { createExportRequest, DocketError, exportRange, validate } from "../../src/index.ts";

const parse = (body: unknown) => validate(createExportRequest, body);
const errorOf = (work: () => unknown): DocketError => {
  try {
    work();
  } catch (error) {
    if (error instanceof DocketError) return error;
    throw error;
  }
  throw new Error("the request was accepted");
};

describe("an export request", () => {
  it.each([
    ["matched", "csv", "MATCHED", "CSV"],
    ["Matches", "Json", "MATCHED", "JSON"],
    [" UNMATCHED_transactions ", "XML", "UNMATCHED", "XML"],
    ["variance", "NdJson", "VARIANCE", "NDJSON"],
    ["EXCEPTIONS", "CSV", "EXCEPTIONS", "CSV"],
  ])("normalizes %s and %s to %s and %s", (reportType, format, wantedType, wantedFormat) => {
    expect(parse({ reportType, format })).toEqual({ reportType: wantedType, format: wantedFormat });
  });

  it("takes a compression in any case", () => {
    const compressed = { reportType: "MATCHED", format: "CSV", compression: " gzip" };
    expect(parse(compressed)).toMatchObject({ compression: "GZIP" });
  });

  it("takes columns and a time zone as they are given", () => {
    const body = { reportType: "MATCHED", format: "CSV" };
    const chosen = { columns: ["amount", "date"], timeZone: "europe/berlin" };
    expect(parse({ ...body, ...chosen })).toEqual({ ...body, ...chosen });
  });

  it.each([
    [{ reportType: "SUMMARY", format: "CSV" }, /SUMMARY is not offered for asynchronous exports/],
    [{ reportType: "MATCHED", format: "pdf" }, /PDF is not offered for asynchronous exports/],
    [
      { reportType: "constructor", format: "CSV" },
      /reportType must be one of MATCHED, UNMATCHED, VARIANCE, EXCEPTIONS/,
    ],
    [
      { reportType: "MATCHED", format: "YAML" },
      /format must be one of CSV, JSON, XML, NDJSON, XLSX/,
    ],
    [
      { reportType: "MATCHED", format: "CSV", compression: "ZSTD" },
      /compression must be one of GZIP/,
    ],
    [
      { reportType: "MATCHED", format: "xlsx", compression: "gzip" },
      /compression is not available for XLSX/,
    ],
    [{ reportType: "MATCHED", format: "CSV", columns: [] }, /columns must contain at least 1/],
    [{ reportType: "MATCHED", format: "CSV", columns: ["date", "date"] }, /columns.1/],
    [
      { reportType: "MATCHED", format: "CSV", timeZone: "Mars/Olympus" },
      /timeZone must be a time zone/,
    ],
    [{ format: "CSV" }, /reportType is required/],
    [{ reportType: "  ", format: "CSV" }, /reportType/],
    [{ reportType: "MATCHED", format: "CSV", tenantId: "x" }, /tenantId/],
    [undefined, /body is required/],
    // 400 takes precedence over 422.
    [{ reportType: "SUMMARY", format: "CSV", dateFrom: "2026-02-30" }, /dateFrom/],
  ])("is rejected with 400: %j", (body, detail) => {
    expect(errorOf(() => parse(body))).toMatchObject({
      code: "bad_request",
      message: expect.stringMatching(detail),
    });
  });

  it.each([
    [{ reportType: 7, format: "CSV" }, "reportType"],
    [{ reportType: "MATCHED", format: ["CSV"] }, "format"],
    [{ reportType: "MATCHED", format: "CSV", compression: true }, "compression"],
    [{ reportType: "MATCHED", format: "CSV", columns: "date" }, "columns"],
    [{ reportType: "MATCHED", format: "CSV", columns: [1] }, "columns.0"],
    [{ reportType: "MATCHED", format: "CSV", timeZone: 1 }, "timeZone"],
    [{ reportType: "MATCHED", format: "CSV", dateFrom: "2026-02-30" }, "dateFrom"],
    [{ reportType: "MATCHED", format: "CSV", dateTo: "31.12.2026" }, "dateTo"],
    [{ reportType: "MATCHED", format: "CSV", dateTo: null }, "dateTo"],
    [{ reportType: "MATCHED", format: "CSV", sourceId: "not-a-uuid" }, "sourceId"],
    [[], ""],
    ["MATCHED", ""],
  ])("is rejected with 422: %j", (body, field) => {
    expect(errorOf(() => parse(body))).toMatchObject({
      code: "invalid_field",
      errors: [{ field, detail: expect.any(String) }],
    });
  });
});

describe("the range of an export", () => {
  const range = (dateFrom?: string, dateTo?: string) =>
    exportRange(
      { ...(dateFrom !== undefined && { dateFrom }), ...(dateTo !== undefined && { dateTo }) },
      Date.parse("2026-02-28T23:30:00Z") / 1_000,
      365,
    );

  it("ends tomorrow and starts 30 days before its end by default", () => {
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

  it("has the days of the time zone, also by default", () => {
    const now = Date.parse("2026-03-27T23:30:00Z") / 1_000;
    expect(exportRange({ timeZone: "Europe/Berlin", dateFrom: "2026-03-28" }, now, 365)).toEqual({
      dateFrom: "2026-03-28",
      dateTo: "2026-03-29",
      zone: {
        timeZone: "Europe/Berlin",
        from: Date.parse("2026-03-27T23:00:00Z") / 1_000,
        until: Date.parse("2026-03-29T22:00:00Z") / 1_000,
      },
    });
    expect(exportRange({ timeZone: "America/New_York" }, now, 365).dateTo).toBe("2026-03-28");
  });

  it("may span at most 365 days", () => {
    expect(range("2023-01-01", "2024-01-01")).toEqual({
      dateFrom: "2023-01-01",
      dateTo: "2024-01-01",
    });
    expect(errorOf(() => range("2023-01-01", "2024-01-02")).message).toMatch(
      /is 366 days after .* at most 365 are allowed/,
    );
    // 2024 is a leap year.
    expect(errorOf(() => range("2024-01-01", "2025-01-01")).code).toBe("bad_request");
    expect(range("2026-02-28", "2026-02-28")).toEqual({
      dateFrom: "2026-02-28",
      dateTo: "2026-02-28",
    });
  });

  it("must not be reversed, not even relative to a default", () => {
    expect(errorOf(() => range("2026-02-02", "2026-02-01")).code).toBe("bad_request");
    expect(errorOf(() => range("2026-03-02")).errors).toEqual([
      {
        field: "dateFrom",
        detail: expect.stringContaining("must not be after dateTo (2026-03-01)"),
      },
    ]);
  });
});
