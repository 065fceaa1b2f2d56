import { exportObjectKey, type Format, type ReportType } from "@docket/domain";
import { withTenant } from "@docket/platform/database";

import type { ChaosStack } from "./chaos-stack.ts";

export type JobRow = {
  readonly id: string;
  readonly status: string;
  readonly claim: number;
  readonly attempts: number;
  readonly objectKey: string | null;
};

/** The rows, the notes and the bucket, side by side. */
export type Inventory = {
  readonly jobs: readonly JobRow[];
  /** Objects and unfinished uploads that are no job's file. */
  readonly unfinished: number;
  /** Those among them that no row owns: neither as its file nor as what its claim is writing. */
  readonly orphans: readonly string[];
  /** Files that a row names and the bucket does not have. */
  readonly missing: readonly string[];
  /** Objects that were given up, and are deleted again until it is certain that nothing comes late. */
  readonly lost: number;
  /** Notes that are neither of a file that a row names, nor lost, nor of a claim at work. */
  readonly strayNotes: readonly string[];
};

/** Looks at everything that the stack's tenant has; quiet moments give exact answers. */
export function takeInventory(stack: ChaosStack): Promise<Inventory> {
  const { tenantId, contextId, database, storage } = stack;
  return withTenant(tenantId, async () => {
    // The bucket first: what is stored afterwards cannot be taken for an orphan.
    const objects: string[] = [];
    for await (const { key } of storage.list(`${tenantId}/`)) objects.push(key);
    const uploads: string[] = [];
    for await (const { key } of storage.listUploads(`${tenantId}/`)) uploads.push(key);

    const { rows: notes } = await database.pool.query<Note>(NOTES);
    const { rows: jobs } = await database.pool.query<JobRow & Named>(JOBS);
    const files = jobs.flatMap(({ objectKey }) => (objectKey === null ? [] : [objectKey]));
    const atWork = jobs
      .filter(({ status }) => status === "RUNNING")
      .map((job) => exportObjectKey({ ...job, tenantId, contextId }));
    const owned = new Set([...files, ...atWork]);
    const has = new Set(objects);
    return {
      jobs,
      unfinished: uploads.length + objects.filter((key) => !files.includes(key)).length,
      orphans: [
        ...objects.filter((key) => !owned.has(key)),
        ...uploads.filter((key) => !atWork.includes(key)).map((key) => `${key} (unfinished)`),
      ],
      missing: files.filter((key) => !has.has(key)),
      lost: notes.filter(({ state }) => state === "lost").length,
      strayNotes: notes
        .filter(({ key, state }) =>
          state === "committed" ? !files.includes(key) : state === "begun" && !owned.has(key),
        )
        .map(({ key }) => key),
    };
  });
}

type Named = { readonly reportType: ReportType; readonly format: Format };
type Note = { readonly key: string; readonly state: "committed" | "lost" | "begun" };

const JOBS = `
  SELECT id, status, claim, attempts, object_key AS "objectKey", report_type AS "reportType", format
  FROM export_jobs`;

const NOTES = `
  SELECT key, CASE WHEN committed_at IS NOT NULL THEN 'committed' WHEN lost_at IS NOT NULL THEN 'lost' ELSE 'begun' END AS state
  FROM stored_objects`;
