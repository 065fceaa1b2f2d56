import { randomUUID } from "node:crypto";
import { waitFor } from "@docket/testing";
import { createReceiver, createWebhookStage } from "./support.ts";

it.each([
  ["a number", "100000"],
  ["a date", new Date(Date.now() + 86_400_000).toUTCString()],
])("waits for as long as Retry-After says with %s, at most an hour", async (_, retryAfter) => {
  const stage = await createWebhookStage();
  const worker = stage.startWorker();
  const receiver = await createReceiver();
  const tenantId = randomUUID();
  receiver.respond = (response) =>
    void response.writeHead(503, { "Retry-After": retryAfter }).end();
  await stage.endpoint(tenantId, { url: receiver.url });
  await stage.emit(tenantId, 1);
  const delivery = await waitFor(
    async () => {
      const [found] = await stage.deliveries(tenantId);
      return found?.failures === 1 ? found : undefined;
    },
    { timeoutMs: 40_000 },
  );
  const [{ at }] = delivery.attempts as [{ at: string }];
  const waitMs = delivery.nextAttemptAt!.getTime() - Date.parse(at);
  // From the end of the attempt, which may have taken up to 15 s.
  expect(waitMs).toBeGreaterThanOrEqual(3_600_000);
  expect(waitMs).toBeLessThanOrEqual(3_620_000);
  await worker.close();
  await stage.close();
  await receiver.close();
});
