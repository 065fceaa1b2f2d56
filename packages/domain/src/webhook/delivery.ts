export const WEBHOOK_DELIVERY_STATUSES = ["PENDING", "DELIVERED", "FAILED"] as const;

export type WebhookDeliveryStatus = (typeof WEBHOOK_DELIVERY_STATUSES)[number];

/** Why the worker disabled an endpoint: it answered 410, or it failed for too long. */
export const WEBHOOK_DISABLED_REASONS = ["gone", "failing"] as const;

export type WebhookDisabledReason = (typeof WEBHOOK_DISABLED_REASONS)[number];

/** The most endpoints of a tenant (docs/api.md §9). */
export const MAX_WEBHOOK_ENDPOINTS = 50;

/** An endpoint that has failed for this long without a success is disabled (docs/api.md §9). */
export const WEBHOOK_FAILING_HOURS = 120;

/** The base of {@link webhookRetryDelayMs} for which the delays below hold. */
const BASE_MS = 5_000;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The waits after the first failed attempt, the second, and so on (docs/api.md §9). */
const DELAYS_MS = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  10 * HOUR,
] as const;

/** The attempts of a delivery, after which it is FAILED. */
export const MAX_WEBHOOK_ATTEMPTS = DELAYS_MS.length + 1;

/** The longest `Retry-After` that is honoured. */
const MAX_RETRY_AFTER_MS = HOUR;

/**
 * Milliseconds to wait after failed attempt number `failures`, ± 20 %, and at least as long as the receiver has asked for, up to an
 * hour. Undefined if there is no further attempt.
 *
 * @param baseMs scales the delays; 5000 gives those of docs/api.md §9.
 * @param random in [0, 1), for the jitter. The domain has no randomness of its own.
 */
export function webhookRetryDelayMs(
  failures: number,
  options: { readonly baseMs: number; readonly random: number; readonly retryAfterMs?: number },
): number | undefined {
  const delay = DELAYS_MS[failures - 1];
  if (delay === undefined) return undefined;
  const { baseMs, random, retryAfterMs = 0 } = options;
  const scaled = Math.round(delay * (baseMs / BASE_MS) * (0.8 + 0.4 * random));
  return Math.max(scaled, Math.min(retryAfterMs, MAX_RETRY_AFTER_MS));
}
