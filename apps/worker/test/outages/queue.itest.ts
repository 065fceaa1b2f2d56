import type { ExportMessage } from "@docket/platform/queue";
import { queueTargets, waitFor, type TestQueue } from "@docket/testing";
import { createOutage, type Outage } from "../support/outage.ts";
import { holdExports } from "../support/stage.ts";

jest.setTimeout(120_000);

describe.each(queueTargets(11))("the queue on $name", (target) => {
  let open: TestQueue;
  let outage: Outage;
  beforeEach(async () => {
    open = await target.open();
    outage = await createOutage({ queue: open });
  });
  afterEach(() => outage.close());

  const succeed = async (orders: readonly ExportMessage[]): Promise<void> => {
    for (const order of orders) {
      expect(await outage.becomes(order, "SUCCEEDED")).toMatchObject({ claim: 1, attempts: 0 });
    }
    await outage.settles();
  };

  it("may lose everything: what runs goes on, what waits is asked for again", async () => {
    const { stage } = outage;
    const hold = await holdExports(stage);
    // Two run, two wait, one will wait for its next attempt.
    const orders: ExportMessage[] = [];
    for (let number = 0; number < 4; number += 1) orders.push(await stage.orderExport());
    await waitFor(
      async () => (await Promise.all(orders.map(stage.job))).filter(isRunning).length === 2,
    );
    await open.wipe();
    await hold.release();
    await succeed(orders);
  });

  it.each(["refuse", "hang"] as const)(
    "may be away (%s): what runs comes to its end, what was ordered meanwhile runs after its return",
    async (how) => {
      const { stage, queue } = outage;
      const hold = await holdExports(stage);
      const running = await stage.orderExport();
      await outage.becomes(running, "RUNNING");
      await queue[how]();
      const meanwhile = await stage.orderExport();
      await hold.release();
      await outage.becomes(running, "SUCCEEDED");
      // The reconciler has tried.
      await waitFor(() =>
        outage.log.some(({ upkeep, msg }) => upkeep === "reconciler" && msg === "upkeep failed"),
      );
      expect(await stage.job(meanwhile)).toMatchObject({ status: "QUEUED", claim: 0 });
      await queue.pass();
      await succeed([running, meanwhile, await stage.orderExport()]);
    },
  );

  it("may be away when an attempt fails: the next one comes after its return", async () => {
    const { stage, queue, storage } = outage;
    storage.failRequests({ when: () => true, response: 503 });
    const order = await stage.orderExport();
    await outage.becomes(order, "RUNNING");
    await queue.refuse();
    await waitFor(async () => (await stage.job(order)).attempts === 1);
    await storage.pass();
    await queue.pass();
    expect(await outage.becomes(order, "SUCCEEDED")).toMatchObject({ claim: 2, attempts: 1 });
  });

  it.each(["refuse", "hang"] as const)(
    "may be away (%s) when the worker is to stop: its job is handed back, and it stops in time",
    async (how) => {
      const { stage, queue } = outage;
      const hold = await holdExports(stage);
      const order = await stage.orderExport();
      await outage.becomes(order, "RUNNING");
      await queue[how]();
      expect(await outage.stop()).toBeLessThan(9_000);
      await hold.release();
      expect(await stage.job(order)).toMatchObject({ status: "QUEUED", claim: 1, attempts: 0 });
    },
  );
});

const isRunning = ({ status }: { status: string }): boolean => status === "RUNNING";
