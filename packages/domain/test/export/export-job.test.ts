import {
  exportFileName,
  exportObjectKey,
  exportPercent,
  outageDelayMs,
  retryDelayMs,
} from "../../src/index.ts";

const contextId = "0192f0c1-0000-7000-8000-000000000001";

describe("an export job", () => {
  it("names its file after the report, the context and the range", () => {
    const spec = {
      contextId,
      reportType: "MATCHED",
      format: "CSV",
      dateFrom: "2026-01-01",
      dateTo: "2026-01-31",
    } as const;
    expect(exportFileName(spec)).toBe("MATCHED_0192f0c1_20260101-20260131.csv");
    expect(exportFileName({ ...spec, compression: "GZIP" })).toBe(
      "MATCHED_0192f0c1_20260101-20260131.csv.gz",
    );
  });

  it("has an object key for each claim", () => {
    const job = {
      tenantId: "t",
      id: "j",
      claim: 3,
      contextId,
      reportType: "VARIANCE",
      format: "XML",
    } as const;
    expect(exportObjectKey(job)).toBe(`t/exports/${contextId}/j/3-VARIANCE.xml`);
    expect(exportObjectKey({ ...job, compression: "GZIP" })).toBe(
      `t/exports/${contextId}/j/3-VARIANCE.xml.gz`,
    );
  });

  it("waits 5 s, 30 s and 3 min between its attempts, ± 20 %", () => {
    expect([1, 2, 3].map((attempts) => retryDelayMs(attempts, 5_000, 0.5))).toEqual([
      5_000, 30_000, 180_000,
    ]);
    expect([0, 0.999_999].map((random) => retryDelayMs(1, 5_000, random))).toEqual([4_000, 6_000]);
  });

  it("waits twice as long after each claim during an outage, up to a minute", () => {
    expect([1, 2, 3, 4, 5, 19].map((claim) => outageDelayMs(claim, 5_000))).toEqual([
      5_000, 10_000, 20_000, 40_000, 60_000, 60_000,
    ]);
  });

  it.each([
    ["QUEUED", 0, null, undefined],
    ["RUNNING", 0, 3, 0],
    ["RUNNING", 2, 3, 66],
    ["RUNNING", 3, 3, 99],
    ["RUNNING", 9, 3, 99],
    ["RUNNING", 0, 0, 99],
    ["SUCCEEDED", 3, 3, 100],
    ["FAILED", 1, 3, 33],
  ])(
    "that is %s with %d of %s records written is at %s percent",
    (status, recordsWritten, recordsExpected, percent) => {
      expect(exportPercent({ status, recordsWritten, recordsExpected })).toBe(percent);
    },
  );
});
