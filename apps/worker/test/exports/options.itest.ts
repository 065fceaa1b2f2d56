import { readWorkbook } from "@docket/testing/xlsx";
import { runExport } from "../../src/exports/run-export.ts";
import { createStage, type Stage } from "../support/stage.ts";

describe("an export to XLSX", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await createStage();
  });
  afterAll(() => stage.close());

  it("writes the workbook that the row describes, with the digest of the stored bytes alone", async () => {
    const message = await stage.createExport({ format: "XLSX" });
    await runExport(message, stage.tools);
    const job = await stage.job(message);
    expect(job).toMatchObject({
      status: "SUCCEEDED",
      recordsWritten: 1_000n,
      contentSha256: null,
      fileName: `UNMATCHED_${stage.contextId.slice(0, 8)}_20260101-20261231.xlsx`,
      objectKey: expect.stringMatching(/1-UNMATCHED\.xlsx$/),
    });
    const file = await stage.download(job.objectKey!);
    expect([file.sha256, BigInt(file.bytes.length)]).toEqual([job.sha256, job.bytesWritten]);
    const [sheet] = await readWorkbook(file.bytes);
    expect(sheet!.rows).toHaveLength(1_001);
  });

  it("is FAILED at once if a text is longer than a cell may be, and names the column", async () => {
    await stage.owner.query(
      "UPDATE transactions SET description = repeat('x', 32768) WHERE id = (SELECT id FROM transactions LIMIT 1)",
    );
    const message = await stage.createExport({ format: "XLSX" });
    await runExport(message, stage.tools);
    expect(await stage.job(message)).toMatchObject({
      status: "FAILED",
      errorCode: "cell_too_long",
      error: expect.stringContaining("description"),
      attempts: 1,
    });
    const without = await stage.createExport({ format: "XLSX", columns: ["amount"] });
    await runExport(without, stage.tools);
    expect(await stage.job(without)).toMatchObject({ status: "SUCCEEDED" });
  });
});

describe("an export with chosen columns in a time zone", () => {
  it("has these columns, and the range of the row", async () => {
    const stage = await createStage();
    const message = await stage.createExport({ columns: ["external_id", "amount"] });
    await stage.owner.query(
      `UPDATE export_jobs SET time_zone = 'Europe/Berlin', range_from = '2026-01-01', range_until = '2026-01-01'`,
    );
    await runExport(message, stage.tools);
    const job = await stage.job(message);
    // The range of the row is empty, the days are not.
    expect(job).toMatchObject({ status: "SUCCEEDED", recordsWritten: 0n });
    expect((await stage.download(job.objectKey!)).text).toBe("external_id,amount\n");
    await stage.close();
  });
});
