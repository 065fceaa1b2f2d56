/** The queue of export jobs. */
export const EXPORT_QUEUE = "exports";

/** A message carries IDs only. The row says what to do. */
export type ExportMessage = { readonly tenantId: string; readonly jobId: string };

/**
 * The queue's ID of a delivery. It contains the claim, because a queue ignores an ID that it still holds: the delivery that follows
 * claim n differs from the one that led to it, and adding either of them twice has no effect.
 */
export const deliveryId = (message: ExportMessage, claim: number): string =>
  `${message.jobId}-${claim}`;
