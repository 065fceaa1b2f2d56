/** The queue of export jobs. */
export const EXPORT_QUEUE = "exports";

/** A message carries IDs only. The row says what to do. */
export type ExportMessage = { readonly tenantId: string; readonly jobId: string };

/** The queue of webhooks. */
export const WEBHOOK_QUEUE = "webhooks";

/** The endpoint whose deliveries may be due, and whether the first attempts or the repeated ones. */
export type WebhookMessage = {
  readonly tenantId: string;
  readonly endpointId: string;
  readonly retries: boolean;
};

/** A job's place in the fair queue between tenants (docs/decisions/0010). */
export type Turn = {
  /** The job's turn. */
  readonly turn: number;
  /** The latest turn that had begun, when this was read. */
  readonly turnsBegun: number;
};

export const FIRST_TURN: Turn = { turn: 1, turnsBegun: 0 };

/** BullMQ's largest priority, which is delivered last. */
const LAST_PRIORITY = 2_097_151;
/** Turns of one epoch have priorities relative to the epoch's first turn, because turns grow without a limit. */
const TURNS_PER_EPOCH = 1_048_576;

const epochOf = ({ turnsBegun }: Turn): number => Math.floor(turnsBegun / TURNS_PER_EPOCH);

/**
 * The priority of a message: 1 is delivered first. In one epoch, priorities are in the order of turns. Only a tenant with more than
 * a million jobs that wait reaches the last priority; jobs that share it are delivered in the order in which they were added.
 */
export const priorityOf = (place: Turn): number =>
  Math.min(Math.max(place.turn - epochOf(place) * TURNS_PER_EPOCH, 1), LAST_PRIORITY);

/**
 * The queue's ID of a message. It contains the claim, because a queue ignores an ID that it still holds: the message that follows
 * claim n differs from the one that led to it, and adding either of them twice has no effect.
 *
 * It also contains the epoch: what waits from an earlier epoch has a priority that comes too late, so the reconciler adds it again.
 */
export function messageId(message: ExportMessage, claim: number, place: Turn): string {
  const epoch = epochOf(place);
  const id = `${message.jobId}-${claim}`;
  return epoch === 0 ? id : `${id}-${epoch}`;
}
