import { notFound } from "@docket/domain";
import type { Database } from "@docket/platform/database";
import { readExportJobs, type PolledExportJob } from "@docket/platform/rows";
import { createBatcher, type RunBatched } from "../batcher.ts";
import { tooMany } from "../http/translate-error.ts";
import { WAITING_PER_TENANT } from "../semaphores.ts";

/**
 * Reads an export of the current tenant for a client that polls. Simultaneous reads of the tenant share a statement
 * (docs/decisions/0017).
 *
 * @param id in lower case.
 * @throws DocketError `not_found`, also for another tenant's job; `dependency_unavailable` after too long a wait.
 */
export type PollExport = (id: string) => Promise<PolledExportJob>;

const BATCHES = {
  // Reading 100 jobs takes a millisecond or two.
  maxItems: 100,
  ...WAITING_PER_TENANT,
  refusal: () => tooMany("reads of exports"),
};

export function createPollExport({ pool }: Pick<Database, "pool">): PollExport {
  const readBatched: RunBatched<string, PolledExportJob | undefined> = createBatcher(
    (ids) => readExportJobs(pool, ids),
    BATCHES,
  );
  return async (id) => {
    const job = await readBatched(id);
    if (job === undefined) throw notFound("export job");
    return job;
  };
}
