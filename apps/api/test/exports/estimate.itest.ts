import { randomUUID } from "node:crypto";
import { WANTED } from "../support/builders/exports.ts";
import { line } from "../support/records.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

const estimate = (body: object) =>
  suite.tenant.caller.post(`/v1/contexts/${suite.tenant.contextId}/export-jobs/estimate`, body);

const JANUARY = {
  reportType: "UNMATCHED",
  format: "CSV",
  dateFrom: "2026-01-01",
  dateTo: "2026-01-31",
};

describe("POST /v1/contexts/{contextId}/export-jobs/estimate", () => {
  it("counts the rows of the export and makes nothing", async () => {
    await suite.tenant.push([line("A"), line("B"), line("C", { date: "2026-02-01" })]);
    const before = await suite.tenant.audit();
    const { body } = await estimate({ ...JANUARY, columns: ["date", "amount"] }).expect(200);
    expect(body).toEqual({
      rows: 2,
      exact: true,
      columns: ["date", "amount"],
      dateFrom: "2026-01-01",
      dateTo: "2026-01-31",
    });
    expect(await suite.tenant.exportJobs()).toEqual([]);
    expect(await suite.tenant.audit()).toEqual(before);
  });

  it("counts the days of the time zone, and has all columns by default", async () => {
    await suite.tenant.push([line("A", { date: "2026-01-31T23:30:00Z" })]);
    const rows = async (timeZone: string): Promise<number> =>
      (await estimate({ ...JANUARY, timeZone }).expect(200)).body.rows;
    expect([await rows("UTC"), await rows("Europe/Berlin")]).toEqual([1, 0]);
    const { body } = await estimate({ ...JANUARY, reportType: "variance" }).expect(200);
    expect(body).toMatchObject({ rows: 0, exact: true });
    expect(body.columns).toHaveLength(10);
  });

  it("returns the errors of a create", async () => {
    await estimate({ ...WANTED, format: "PDF" }).expect(400);
    await estimate({ ...WANTED, sourceId: randomUUID() }).expect(400);
    await estimate({ ...WANTED, columns: ["x"] }).expect(400);
    await estimate({ ...WANTED, dateFrom: "2026-02-30" }).expect(422);
  });
});
