import { pino } from "pino";
import { runExport } from "../../src/exports/run-export.ts";
import { createStage, type Stage } from "../support/stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});
afterEach(() => stage.close());

const exported = async () => {
  const lines: string[] = [];
  const logger = pino({ level: "warn" }, { write: (line: string) => void lines.push(line) });
  const message = await stage.createExport({ reportType: "UNMATCHED" });
  await runExport(message, { ...stage.tools, logger });
  return { job: await stage.job(message), warnings: lines.map((line) => JSON.parse(line)) };
};

const COMPLETE = { status: "SUCCEEDED", recordsWritten: 1_000n, recordsExpected: 1_000n };

it("an export takes the number of its rows from counters", async () => {
  const { job, warnings } = await exported();
  expect(job).toMatchObject(COMPLETE);
  expect(warnings).toEqual([]);
});

it("an export with wrong counters counts its rows, and a warning says so", async () => {
  await stage.owner.query("UPDATE counter_changes SET count = count + 1");
  const { job, warnings } = await exported();
  expect(job).toMatchObject(COMPLETE);
  expect(warnings).toMatchObject([
    { contextId: stage.contextId, rows: 1_000, msg: "counters are wrong: recount the context" },
  ]);
});

it("an export counts its rows until the data migration of the counters has finished", async () => {
  await stage.owner.query("DELETE FROM counter_changes");
  await stage.owner.query("UPDATE data_migrations SET finished_at = NULL WHERE name = 'counters'");
  const { job, warnings } = await exported();
  expect(job).toMatchObject(COMPLETE);
  expect(warnings).toEqual([]);
});
