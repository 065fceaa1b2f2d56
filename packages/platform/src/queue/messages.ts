/** The name of the queue that carries export jobs. */
export const EXPORT_QUEUE = "exports";

/** What travels: ids only. What is to be done stands in the row. */
export type ExportMessage = { readonly tenantId: string; readonly jobId: string };

/**
 * The queue's own id for a delivery. The claim is in it because a queue silently ignores an id that it still holds:
 * the delivery that follows claim n is another one than the delivery that led to it, and adding either twice is harmless.
 */
export const deliveryId = (message: ExportMessage, claim: number): string =>
  `${message.jobId}-${claim}`;
