import { setTimeout as sleep } from "node:timers/promises";

import { createDocket, type Docket, type TransactionRecord } from "@docket/client";

import type { WebhookReceiver } from "./receiver.ts";
import type { TestTenant } from "./tenants.ts";

/** The calls of the victim, and the way of an order to its receiver of webhooks. */
export const CALLS = ["order", "poll", "upload", "load", "webhook"] as const;

/** One call of the victim. */
export type Sample = {
  readonly call: (typeof CALLS)[number];
  readonly ms: number;
  readonly error?: string;
};

/** The victim makes each of its calls once in this time, which its rate limits allow. */
const ROUND_MS = 1_000;
/** A call without an answer after this is an error. */
const CALL_TIMEOUT_MS = 10_000;

const FILE = "reference,amount\n1,100\n";
const ABOUT = { comment: "Statement", fileName: "statement.csv", contentType: "text/csv" };

/** Uses the API as an ordinary tenant does, for a number of seconds. */
export async function observeVictim(
  tenant: TestTenant,
  receiver: WebhookReceiver,
  seconds: number,
  signal: AbortSignal,
): Promise<readonly Sample[]> {
  const { address, tokens, contextId, exceptionId } = tenant;
  // Every refusal counts.
  const settings = { baseUrl: address, token: tokens[0]!, maxRetries: 0 };
  const samples: Sample[] = [];
  const measure = async <T>(
    call: Sample["call"],
    work: (client: Docket) => Promise<T>,
  ): Promise<T | undefined> => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]);
    const start = performance.now();
    const add = (outcome: Pick<Sample, "error">): void =>
      void samples.push({ call, ms: performance.now() - start, ...outcome });
    try {
      const result = await work(createDocket({ ...settings, signal: limit }));
      add({});
      return result;
    } catch (error) {
      signal.throwIfAborted();
      add({ error: limit.aborted ? `${call}: no answer` : (error as Error).message });
      return undefined;
    }
  };

  const day = new Date().toISOString().slice(0, 10);
  const report = { reportType: "UNMATCHED", format: "CSV", dateFrom: day, dateTo: day };
  const dispute = await createDocket({ ...settings, signal }).disputes.create(exceptionId, {
    category: "OTHER",
    description: "Victim",
  });
  const webhooks: Promise<Sample>[] = [];
  const end = performance.now() + seconds * 1_000;
  for (let round = 0; performance.now() < end; round += 1) {
    const next = performance.now() + ROUND_MS;
    const order = await measure("order", (api) => api.exportJobs.create(contextId, report));
    if (order !== undefined) {
      webhooks.push(awaitedLater(awaitWebhook(receiver, order.statusUrl, signal)));
      await measure("poll", (api) => api.exportJobs.get(order.jobId));
    }
    await measure("upload", (api) => api.evidence.upload(dispute.id, FILE, ABOUT));
    await measure("load", (api) =>
      api.records.push(contextId, "transactions", [recordOf(round, day)]),
    );
    await sleep(Math.max(0, next - performance.now()), undefined, { signal });
  }
  return [...samples, ...(await Promise.all(webhooks))];
}

/** Prevents an unhandled rejection before the promise is awaited. */
function awaitedLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** How long the webhook about a new job takes, from the response to the order. */
async function awaitWebhook(
  receiver: WebhookReceiver,
  subject: string,
  signal: AbortSignal,
): Promise<Sample> {
  const start = performance.now();
  const limit = sleep(CALL_TIMEOUT_MS, undefined, { signal });
  const arrival = await Promise.race([receiver(subject), limit]);
  const ms = Math.max(0, (arrival ?? performance.now()) - start);
  return { call: "webhook", ms, ...(arrival === undefined && { error: "webhook: not delivered" }) };
}

const recordOf = (round: number, date: string): TransactionRecord => ({
  source: "Bank",
  externalId: `V${round}`,
  amount: "1",
  currency: "EUR",
  date,
});
