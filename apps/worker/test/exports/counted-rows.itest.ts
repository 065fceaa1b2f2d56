import { pino } from "pino";
import { runExport } from "../../src/exports/run-export.ts";
import { createStage, type Stage } from "../support/stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
  await matchSome();
});
afterEach(() => stage.close());

/** Matches 300 of the 1,000 transactions. */
const matchSome = () =>
  stage.owner.query(
    `WITH matched AS (INSERT INTO match_groups (tenant_id, context_id, external_id) VALUES ($1, $2, 'G') RETURNING id),
       chosen AS (
         UPDATE transactions SET status = 'MATCHED'
         WHERE id IN (SELECT id FROM transactions WHERE context_id = $2 LIMIT 300) RETURNING id
       )
     INSERT INTO match_group_items (tenant_id, match_group_id, transaction_id, amount)
     SELECT $1, matched.id, chosen.id, 1 FROM matched, chosen`,
    [stage.tenantId, stage.contextId],
  );

const reports = [
  { reportType: "MATCHED", rows: 300, migration: "matched-item-counters" },
  { reportType: "UNMATCHED", rows: 700, migration: "counters" },
] as const;

describe.each(reports)("an export of $reportType", ({ reportType, rows, migration }) => {
  const complete = {
    status: "SUCCEEDED",
    recordsWritten: BigInt(rows),
    recordsExpected: BigInt(rows),
  };

  const exported = async () => {
    const lines: string[] = [];
    const logger = pino({ level: "warn" }, { write: (line: string) => void lines.push(line) });
    const message = await stage.createExport({ reportType });
    await runExport(message, { ...stage.tools, logger });
    return { job: await stage.job(message), warnings: lines.map((line) => JSON.parse(line)) };
  };

  it("takes the number of its rows from counters", async () => {
    expect(await exported()).toMatchObject({ job: complete, warnings: [] });
  });

  // This also proves that counters are read: without them, there would be no warning.
  it.each(["count + 1", "-count"])("counts its rows if the counters are %s", async (wrong) => {
    await stage.owner.query(`UPDATE counter_changes SET count = ${wrong}`);
    const { job, warnings } = await exported();
    expect(job).toMatchObject(complete);
    expect(warnings).toMatchObject([
      { contextId: stage.contextId, rows, msg: "counters are wrong: recount the context" },
    ]);
    expect(warnings[0].counted).toBeGreaterThanOrEqual(0);
  });

  it("counts its rows until the data migration of the counters has finished", async () => {
    await stage.owner.query("DELETE FROM counter_changes");
    await stage.owner.query("UPDATE data_migrations SET finished_at = NULL WHERE name = $1", [
      migration,
    ]);
    expect(await exported()).toMatchObject({ job: complete, warnings: [] });
  });
});
