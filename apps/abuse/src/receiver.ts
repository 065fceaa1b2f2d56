import { createDocket } from "@docket/client";
import type { Lifetime } from "@docket/platform";
import { startWebhookReceiver } from "@docket/testing";

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
  const { url, close } = await startWebhookReceiver((subject, at) =>
    arrivalOf(subject).resolve(at),
  );
  lifetime.onClose("receiver", close);
  const docket = createDocket({ baseUrl: address, token: tokens[0]! });
  await docket.webhookEndpoints.create({ url, types: ["export-job.created"] });
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
