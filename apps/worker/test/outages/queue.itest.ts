import type { ExportMessage } from "@docket/platform/queue";
import { queueTargets, waitFor, type TestQueue } from "@docket/testing";
import { createOutage, SHUTDOWN_LIMIT_MS, type Outage } from "../support/outage.ts";
import { blockExports } from "../support/stage.ts";

describe.each(queueTargets(11))("the queue on $name", (target) => {
  let open: TestQueue;
  let outage: Outage;
  beforeEach(async () => {
    open = await target.open();
    outage = await createOutage({ queue: open });
  });
  afterEach(() => outage.close());

  const expectSuccess = async (messages: readonly ExportMessage[]): Promise<void> => {
    for (const message of messages) {
      expect(await outage.waitForStatus(message, "SUCCEEDED")).toMatchObject({
        claim: 1,
        attempts: 0,
      });
    }
    await outage.waitForCleanBucket();
  };

  it("may lose everything: running jobs continue, queued jobs are enqueued again", async () => {
    const { stage } = outage;
    const block = await blockExports(stage);
    // Two run and two are queued.
    const messages: ExportMessage[] = [];
    for (let number = 0; number < 4; number += 1) messages.push(await stage.createExport());
    await waitFor(
      async () => (await Promise.all(messages.map(stage.job))).filter(isRunning).length === 2,
    );
    await open.wipe();
    await block.release();
    await expectSuccess(messages);
  });

  it.each(["refuse", "hang"] as const)(
    "may be unavailable (%s): running jobs finish, new jobs run after its return",
    async (how) => {
      const { stage, queue } = outage;
      const block = await blockExports(stage);
      const running = await stage.createExport();
      await outage.waitForStatus(running, "RUNNING");
      await queue[how]();
      const created = await stage.createExport();
      await block.release();
      await outage.waitForStatus(running, "SUCCEEDED");
      // The reconciler has tried to enqueue the job.
      await waitFor(() =>
        outage.log.some(({ upkeep, msg }) => upkeep === "reconciler" && msg === "upkeep failed"),
      );
      expect(await stage.job(created)).toMatchObject({ status: "QUEUED", claim: 0 });
      await queue.pass();
      await expectSuccess([running, created, await stage.createExport()]);
    },
  );

  it("may be unavailable when an attempt fails: the retry runs after its return", async () => {
    const { stage, queue, storage } = outage;
    storage.failRequests({ when: () => true, response: 503 });
    const message = await stage.createExport();
    await outage.waitForStatus(message, "RUNNING");
    await queue.refuse();
    await waitFor(async () => (await stage.job(message)).attempts === 1);
    await storage.pass();
    await queue.pass();
    expect(await outage.waitForStatus(message, "SUCCEEDED")).toMatchObject({
      claim: 2,
      attempts: 1,
    });
  });

  it.each(["refuse", "hang"] as const)(
    "may be unavailable (%s) when the worker stops: the job is handed back in time",
    async (how) => {
      const { stage, queue } = outage;
      const block = await blockExports(stage);
      const message = await stage.createExport();
      await outage.waitForStatus(message, "RUNNING");
      await queue[how]();
      expect(await outage.stop()).toBeLessThan(SHUTDOWN_LIMIT_MS);
      await block.release();
      expect(await stage.job(message)).toMatchObject({ status: "QUEUED", claim: 1, attempts: 0 });
    },
  );
});

const isRunning = ({ status }: { status: string }): boolean => status === "RUNNING";
