import type { Storage } from "@docket/platform/storage";
import { runExport } from "../../src/exports/run-export.ts";
import { retentionSweeper } from "../../src/upkeep/retention-sweeper.ts";
import { createStage, type Stage } from "../support/stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});
afterEach(() => stage.close());

const sweep = (storage: Storage = stage.storage) =>
  retentionSweeper({ ...stage.tools, database: stage.database, storage }).run(
    new AbortController().signal,
  );

const expire = (jobIds: readonly string[]) =>
  stage.owner.query(
    "UPDATE export_jobs SET expires_at = now() - interval '1 s' WHERE id = ANY ($1)",
    [jobIds],
  );

describe("the retention sweeper", () => {
  it("deletes the file and expires the job, once, even if it was interrupted or runs twice at once", async () => {
    const [expired, fresh] = [await stage.createExport(), await stage.createExport()];
    await runExport(expired, stage.tools);
    await runExport(fresh, stage.tools);
    await expire([expired.jobId]);
    // As if a run had been interrupted between its two steps.
    await stage.storage.delete((await stage.job(expired)).objectKey!);

    const runs = await Promise.all([sweep(), sweep()]);
    expect(runs.filter((counts) => counts !== undefined)).toEqual([{ expired: 1 }]);
    expect(await stage.job(expired)).toMatchObject({ status: "EXPIRED" });
    expect(await stage.job(fresh)).toMatchObject({ status: "SUCCEEDED" });
    expect(await stage.keys()).toEqual([(await stage.job(fresh)).objectKey]);
  });

  it("expires a job behind 500 older ones whose files cannot be deleted", async () => {
    const stuck = await stage.createExport();
    await runExport(stuck, stage.tools);
    await stage.owner.query(
      `INSERT INTO export_jobs (tenant_id, context_id, report_type, format, date_from, date_to, requested_by, status, claim,
                                object_key, file_name, sha256, finished_at, expires_at)
       SELECT tenant_id, context_id, report_type, format, date_from, date_to, requested_by, status, claim,
              'stuck-' || n, file_name, sha256, finished_at, now() - interval '1 hour'
       FROM export_jobs, generate_series(1, 500) n`,
    );
    await expire([stuck.jobId]);
    const storage: Storage = {
      ...stage.storage,
      delete: async (key) => {
        if (key.startsWith("stuck-")) throw new Error("refused");
        await stage.storage.delete(key);
      },
    };
    expect(await sweep(storage)).toBeUndefined();
    expect(await sweep(storage)).toEqual({ expired: 1 });
    expect(await stage.job(stuck)).toMatchObject({ status: "EXPIRED" });
  });
});
