import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import type { Lifetime } from "@docket/platform";

import type { TestTenant } from "./tenants.ts";

/** Resolves when the event of a subject arrives as a webhook, with the time of `performance.now()`. */
export type WebhookReceiver = (subject: string) => Promise<number>;

/** Starts a receiver of webhooks on loopback, and registers it for the created exports of a tenant. */
export async function receiveWebhooks(
  { address, tokens }: TestTenant,
  lifetime: Lifetime,
): Promise<WebhookReceiver> {
  const arrivals = new Map<string, PromiseWithResolvers<number>>();
  const arrivalOf = (subject: string): PromiseWithResolvers<number> => {
    const found = arrivals.get(subject) ?? withResolvers();
    arrivals.set(subject, found);
    return found;
  };
  const server = createServer((request, response) => {
    const at = performance.now();
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { subject } = JSON.parse(Buffer.concat(chunks).toString()) as { subject: string };
      response.writeHead(204).end();
      arrivalOf(subject).resolve(at);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  lifetime.onClose("receiver", async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const response = await fetch(`${address}/v1/webhook-endpoints`, {
    method: "POST",
    headers: { authorization: `Bearer ${tokens[0]}`, "content-type": "application/json" },
    body: JSON.stringify({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      types: ["export-job.created"],
    }),
  });
  if (!response.ok) throw new Error(`POST /v1/webhook-endpoints answered ${response.status}`);
  return (subject) => arrivalOf(subject).promise;
}

type PromiseWithResolvers<T> = {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
};

function withResolvers(): PromiseWithResolvers<number> {
  let resolve!: (value: number) => void;
  const promise = new Promise<number>((done) => (resolve = done));
  return { promise, resolve };
}
