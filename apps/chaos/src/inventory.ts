import { exportObjectKey, type Format, type ReportType } from "@docket/domain";
import { withTenant } from "@docket/platform/database";

import type { ChaosStack } from "./stack.ts";

export type JobRow = {
  readonly id: string;
  readonly status: string;
  readonly claim: number;
  readonly attempts: number;
  readonly objectKey: string | null;
};

/** The job rows and the stored-object records compared with the bucket. */
export type Inventory = {
  readonly jobs: readonly JobRow[];
  /** Number of objects and multipart uploads that are not the file of a job. */
  readonly extraObjects: number;
  /** Keys of those that belong neither to a job's file nor to a running claim. */
  readonly orphans: readonly string[];
  /** Files that a job names and the bucket does not have. */
  readonly missing: readonly string[];
  /** Number of lost objects. The sweeper keeps deleting them for a while, because a late upload may still complete. */
  readonly lostObjects: number;
  /** Keys of records that belong to no job's file, no running claim and no lost object. */
  readonly strayRecords: readonly string[];
};

/** Takes stock of the stack's tenant. The result is exact while nothing is being written. */
export function takeInventory(stack: ChaosStack): Promise<Inventory> {
  const { tenantId, contextId, database } = stack;
  return withTenant(tenantId, async () => {
    // The bucket comes first: an object stored after the rows were read would look like an orphan.
    const { objects, uploads } = await listBucket(stack);
    const { rows: records } = await database.pool.query<ObjectRecord>(SELECT_RECORDS);
    const { rows: jobs } = await database.pool.query<JobRow & Report>(SELECT_JOBS);

    const files = new Set(jobs.flatMap(({ objectKey }) => objectKey ?? []));
    const inProgress = new Set(
      jobs
        .filter(({ status }) => status === "RUNNING")
        .map((job) => exportObjectKey({ ...job, tenantId, contextId })),
    );
    const isOwned = (key: string): boolean => files.has(key) || inProgress.has(key);
    const isStray = ({ key, state }: ObjectRecord): boolean =>
      state === "committed" ? !files.has(key) : state === "begun" && !isOwned(key);
    return {
      jobs,
      extraObjects: uploads.length + objects.filter((key) => !files.has(key)).length,
      orphans: [
        ...objects.filter((key) => !isOwned(key)),
        ...uploads.filter((key) => !inProgress.has(key)).map((key) => `${key} (unfinished)`),
      ],
      missing: [...files].filter((key) => !objects.includes(key)),
      lostObjects: records.filter(({ state }) => state === "lost").length,
      strayRecords: records.filter(isStray).map(({ key }) => key),
    };
  });
}

async function listBucket({ storage, tenantId }: ChaosStack) {
  const objects: string[] = [];
  for await (const { key } of storage.list(`${tenantId}/`)) objects.push(key);
  const uploads: string[] = [];
  for await (const { key } of storage.listUploads(`${tenantId}/`)) uploads.push(key);
  return { objects, uploads };
}

type Report = { readonly reportType: ReportType; readonly format: Format };
type ObjectRecord = { readonly key: string; readonly state: "committed" | "lost" | "begun" };

const SELECT_JOBS = `
  SELECT id, status, claim, attempts, object_key AS "objectKey", report_type AS "reportType", format
  FROM export_jobs`;

const SELECT_RECORDS = `
  SELECT key, CASE WHEN committed_at IS NOT NULL THEN 'committed' WHEN lost_at IS NOT NULL THEN 'lost' ELSE 'begun' END AS state
  FROM stored_objects`;
