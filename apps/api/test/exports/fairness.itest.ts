import { withTenant } from "@docket/platform/database";
import { createExportConsumer, type ExportMessage } from "@docket/platform/queue";
import { claimExportJob, failExportJob } from "@docket/platform/rows";
import { waitFor } from "@docket/testing";
import { createStage, type Stage } from "../support/stage.ts";
import type { Caller } from "../support/caller.ts";

let api: Stage;

beforeEach(async () => {
  api = await createStage();
});

afterEach(() => api.close());

const createExports = async (
  caller: Caller,
  contextId: string,
  count: number,
): Promise<string[]> => {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) {
    const path = `/v1/contexts/${contextId}/export-jobs`;
    const { body } = await caller.post(path, { reportType: "MATCHED", format: "CSV" }).expect(202);
    ids.push(body.jobId as string);
  }
  return ids;
};

/** Retries each enqueue that fails, as the reconciler does: on a busy machine the queue may miss its deadline. */
function retryEnqueue(): void {
  const { queue } = api.context;
  const { add } = queue;
  jest.spyOn(queue, "add").mockImplementation(async (message, options) => {
    await waitFor(() => add(message, options).then(() => true));
  });
}

/** Waits until the API has enqueued `count` jobs. */
const enqueued = (count: number) =>
  waitFor(async () => {
    const spied = jest.mocked(api.context.queue.add).mock.results;
    await Promise.all(spied.map(({ value }) => value as Promise<void>));
    return spied.length === count;
  });

/** Claims and fails jobs one at a time until `count` have run, and returns their ids in that order. */
async function runJobs(
  count: number,
  during: (started: number) => Promise<void>,
): Promise<string[]> {
  const { prisma } = api.context.database;
  const started: string[] = [];
  const consumer = createExportConsumer({
    url: api.testDatabase.ownerUrl,
    concurrency: 1,
    logger: api.context.logger,
    handle: ({ tenantId, jobId }: ExportMessage) =>
      withTenant(tenantId, async () => {
        const claimed = await claimExportJob(prisma, jobId);
        started.push(jobId);
        await during(started.length);
        await failExportJob(prisma, claimed!, { code: "test", message: "Over." });
      }),
  });
  await waitFor(() => started.length >= count, { timeoutMs: 40_000 });
  await consumer.close();
  return started;
}

describe("exports of several tenants", () => {
  it("let a tenant's first job wait for at most one of another tenant's jobs", async () => {
    retryEnqueue();
    const [many, one] = [api.caller(), api.caller()];
    const theirs = await createExports(many, await many.aContext(), 20);
    const contextId = await one.aContext();
    let mine: string[] = [];
    await enqueued(20);
    const started = await runJobs(22, async (count) => {
      if (count !== 5) return;
      mine = await createExports(one, contextId, 2);
      await enqueued(22);
    });
    // The fifth job was running when the other tenant's first was created.
    expect(started.indexOf(mine[0]!)).toBeLessThanOrEqual(6);
    expect(started.indexOf(mine[1]!)).toBeLessThanOrEqual(8);
    expect(started.filter((id) => theirs.includes(id))).toEqual(theirs);
  });

  it("keep the order of a tenant's simultaneous creates, and begin with turn 1 once nothing is unfinished", async () => {
    const caller = api.caller();
    const contextId = await caller.aContext();
    const turns = () =>
      withTenant(caller.tenantId, async () =>
        api.context.database.prisma.exportJob.findMany({ orderBy: { turn: "asc" } }),
      );
    await Promise.all(Array.from({ length: 5 }, () => createExports(caller, contextId, 1)));
    const jobs = await turns();
    expect(jobs.map(({ turn }) => turn)).toEqual([1, 2, 3, 4, 5]);
    for (const { id } of jobs) await caller.post(`/v1/export-jobs/${id}/cancel`).expect(200);
    await createExports(caller, contextId, 1);
    expect((await turns()).map(({ turn }) => turn)).toEqual([1, 1, 2, 3, 4, 5]);
  });
});
