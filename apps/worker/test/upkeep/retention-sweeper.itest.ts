import { runExport } from "../../src/exports/run-export.ts";
import { retentionSweeper } from "../../src/upkeep/retention-sweeper.ts";
import { createStage, type Stage } from "../support/stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});
afterEach(() => stage.close());

describe("the retention sweeper", () => {
  it("deletes the file and expires the job, once, even if it was interrupted or runs twice at once", async () => {
    const [expired, fresh] = [await stage.createExport(), await stage.createExport()];
    await runExport(expired, stage.tools);
    await runExport(fresh, stage.tools);
    await stage.owner.query(
      "UPDATE export_jobs SET expires_at = now() - interval '1 s' WHERE id = $1",
      [expired.jobId],
    );
    // As if a run had been interrupted between its two steps.
    await stage.storage.delete((await stage.job(expired)).objectKey!);

    const { database, storage } = stage;
    const sweeper = retentionSweeper({ ...stage.tools, database, storage });
    const runs = await Promise.all([sweeper.run(), sweeper.run()]);
    expect(runs.filter((counts) => counts !== undefined)).toEqual([{ expired: 1 }]);
    expect(await stage.job(expired)).toMatchObject({ status: "EXPIRED" });
    expect(await stage.job(fresh)).toMatchObject({ status: "SUCCEEDED" });
    expect(await stage.keys()).toEqual([(await stage.job(fresh)).objectKey]);
  });
});
