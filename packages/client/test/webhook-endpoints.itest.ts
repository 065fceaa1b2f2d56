import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import { waitFor } from "@docket/testing";

import { webhooks, type WebhookEvent } from "../src/index.ts";
import { createClientStage, type ClientStage } from "./support/stage.ts";

let stage: ClientStage;
let receiver: Server;
let url: string;
const secrets: string[] = [];
const received: WebhookEvent[] = [];

beforeAll(async () => {
  stage = await createClientStage();
  receiver = createServer((request, response) => void receive(request, response));
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/docket`;
});
afterAll(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await stage.close();
});

/** Without a response to requests that do not verify, the test would never end. */
async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { headers } = request;
  received.push(await webhooks.verify({ headers, body: await text(request) }, secrets.at(-1)!));
  response.end();
}

it("creates an endpoint, tests it, rotates its secret, sends again and deletes it", async () => {
  const { webhookEndpoints, webhookDeliveries } = stage.docket;
  const { id, secret } = await webhookEndpoints.create({ url, types: ["context.*"] });
  secrets.push(secret);
  await webhookEndpoints.test(id);
  await waitFor(() => received.length === 1);
  secrets.push((await webhookEndpoints.rotateSecret(id)).secret);
  const isDelivered = async () =>
    (await webhookDeliveries.list(id).page()).items[0]?.status === "DELIVERED";
  await waitFor(isDelivered);
  const [delivery] = (await webhookDeliveries.list(id, { status: ["DELIVERED"] }).page()).items;
  await webhookDeliveries.resend(delivery!.id);
  await waitFor(() => received.length === 2);
  expect(received[1]).toEqual(received[0]);

  const disabled = await webhookEndpoints.update(id, { enabled: false, description: "ERP" });
  expect(await webhookEndpoints.get(id)).toEqual(disabled);
  await expect(webhookEndpoints.test(id)).rejects.toMatchObject({
    code: "webhook_endpoint_disabled",
  });
  const since = new Date(0).toISOString();
  expect(await webhookEndpoints.recover(id, { since })).toEqual({ count: 0 });
  const { items } = await webhookEndpoints.list().page();
  expect(items).toEqual([disabled]);
  expect(await webhookEndpoints.delete(id)).toBeUndefined();
  await expect(webhookEndpoints.get(id)).rejects.toMatchObject({ code: "not_found" });
});
