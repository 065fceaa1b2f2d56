import { withTenant } from "@docket/platform/database";
import { createExportConsumer, type ExportMessage } from "@docket/platform/queue";
import { waitFor } from "@docket/testing";
import { createJobRows } from "../../../worker/src/exports/job-rows.ts";
import { createApi, type Caller, type TestApi } from "../support/api.ts";

let api: TestApi;

beforeEach(async () => {
  api = await createApi();
});

afterEach(() => api.close());

const order = async (caller: Caller, contextId: string, count: number): Promise<string[]> => {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) {
    const path = `/v1/contexts/${contextId}/export-jobs`;
    const { body } = await caller.post(path, { reportType: "MATCHED", format: "CSV" }).expect(202);
    ids.push(body.jobId as string);
  }
  return ids;
};

/** What the API asked of the queue has arrived there. */
const queued = (count: number) =>
  waitFor(async () => {
    const spied = jest.mocked(api.context.queue.add).mock.results;
    await Promise.all(spied.map(({ value }) => value as Promise<void>));
    return spied.length === count;
  });

/** Runs jobs one at a time, as a worker does with their rows, until `count` have run; answers with them in that order. */
async function run(count: number, during: (started: number) => Promise<void>): Promise<string[]> {
  const rows = createJobRows(api.context.database);
  const started: string[] = [];
  const consumer = createExportConsumer({
    url: api.test.ownerUrl,
    concurrency: 1,
    logger: api.context.logger,
    handle: ({ tenantId, jobId }: ExportMessage) =>
      withTenant(tenantId, async () => {
        const claimed = await rows.claim(jobId);
        started.push(jobId);
        await during(started.length);
        await rows.fail(claimed!, { code: "test", message: "Over." });
      }),
  });
  await waitFor(() => started.length >= count, { timeoutMs: 40_000 });
  await consumer.close();
  return started;
}

describe("exports of several tenants", () => {
  it("let a tenant's first job wait for no more than one of another's hundred", async () => {
    jest.spyOn(api.context.queue, "add");
    const [many, one] = [api.caller(), api.caller()];
    const theirs = await order(many, await many.aContext(), 20);
    const contextId = await one.aContext();
    let mine: string[] = [];
    await queued(20);
    const started = await run(22, async (count) => {
      if (count !== 5) return;
      mine = await order(one, contextId, 2);
      await queued(22);
    });
    // The fifth was running when mine came.
    expect(started.indexOf(mine[0]!)).toBeLessThanOrEqual(6);
    expect(started.indexOf(mine[1]!)).toBeLessThanOrEqual(8);
    expect(started.filter((id) => theirs.includes(id))).toEqual(theirs);
  });

  it("begin at the first turn again when nothing is unfinished, and keep a tenant's order at once", async () => {
    const caller = api.caller();
    const contextId = await caller.aContext();
    const turns = () =>
      withTenant(caller.tenantId, async () =>
        api.context.database.prisma.exportJob.findMany({ orderBy: { turn: "asc" } }),
      );
    await Promise.all(Array.from({ length: 5 }, () => order(caller, contextId, 1)));
    const jobs = await turns();
    expect(jobs.map(({ turn }) => turn)).toEqual([1, 2, 3, 4, 5]);
    for (const { id } of jobs) await caller.post(`/v1/export-jobs/${id}/cancel`).expect(200);
    await order(caller, contextId, 1);
    expect((await turns()).map(({ turn }) => turn)).toEqual([1, 1, 2, 3, 4, 5]);
  });
});
