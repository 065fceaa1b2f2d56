import { contextCalls, sourceCalls, transactionCalls } from "./resources/contexts.ts";
import { disputeCalls } from "./resources/disputes.ts";
import { eventCalls } from "./resources/events.ts";
import { evidenceCalls } from "./resources/evidence.ts";
import { exceptionCalls } from "./resources/exceptions.ts";
import { exportJobCalls } from "./resources/export-jobs.ts";
import { recordCalls } from "./resources/records.ts";
import { webhookDeliveryCalls, webhookEndpointCalls } from "./resources/webhooks.ts";
import type { DocketOptions } from "./transport/options.ts";
import { createTransport } from "./transport/transport.ts";

/** A client of the API. */
export type Docket = ReturnType<typeof createDocket>;

/**
 * Creates a client of the API (docs/client.md). Nothing is sent before the first call.
 *
 * @example
 * const docket = createDocket({ baseUrl: "https://docket.example", token: process.env.DOCKET_TOKEN });
 */
export function createDocket(options: DocketOptions) {
  const transport = createTransport(options);
  return {
    /** The address of the API, without a slash at its end. */
    baseUrl: transport.address,
    contexts: contextCalls(transport),
    sources: sourceCalls(transport),
    transactions: transactionCalls(transport),
    records: recordCalls(transport),
    exportJobs: exportJobCalls(transport),
    exceptions: exceptionCalls(transport),
    disputes: disputeCalls(transport),
    evidence: evidenceCalls(transport),
    events: eventCalls(transport),
    webhookEndpoints: webhookEndpointCalls(transport),
    webhookDeliveries: webhookDeliveryCalls(transport),
  };
}
