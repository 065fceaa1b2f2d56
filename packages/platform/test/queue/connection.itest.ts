import { createFaultProxy, createTestDatabase, untilBlocked, waitFor } from "@docket/testing";
import pg from "pg";
import { pino } from "pino";
import { createExportConsumer, createExportQueue } from "../../src/queue/index.ts";

it("a queue on Postgres recovers when its first connection breaks while it creates its tables", async () => {
  const database = await createTestDatabase();
  const blocker = new pg.Client({ connectionString: database.ownerUrl });
  await blocker.connect();
  // Makes `CREATE SCHEMA IF NOT EXISTS` of BullMQ wait.
  await blocker.query("BEGIN; CREATE SCHEMA bullmq");
  const proxy = await createFaultProxy(database.ownerUrl);
  const options = { url: proxy.through(database.ownerUrl), logger: pino({ level: "silent" }) };
  const queue = createExportQueue(options);
  const received: string[] = [];
  const handle = async ({ jobId }: { jobId: string }): Promise<void> => void received.push(jobId);
  const consumer = createExportConsumer({ ...options, concurrency: 1, handle });
  await untilBlocked(blocker);

  await proxy.refuse();
  await blocker.query("ROLLBACK");
  await proxy.pass();

  const message = { tenantId: "t", jobId: "j" };
  const add = (): Promise<boolean> =>
    queue.add(message, { claim: 0 }).then(
      () => true,
      () => false,
    );
  await waitFor(add);
  await waitFor(() => received.length > 0);
  await consumer.close();
  await queue.close();
  await proxy.close();
  await blocker.end();
  await database.drop();
});
