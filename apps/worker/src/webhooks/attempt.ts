import { webhookRetryDelayMs } from "@docket/domain";
import { postOutbound, RefusedError, RequestTimeoutError } from "@docket/platform/outbound";
import {
  validSecrets,
  webhookSecretPurpose,
  type HeldDelivery,
  type WebhookAttempt,
  type WebhookOutcome,
} from "@docket/platform/rows";
import { signedHeaders } from "./signature.ts";
import type { WebhookTools } from "./tools.ts";

/** What one attempt led to. */
export type AttemptResult = WebhookOutcome & {
  /** The receiver wants nothing any more (410). */
  readonly isGone: boolean;
};

/**
 * Sends a delivery once, and decides whether it is sent again. What the receiver does is an outcome, not an error.
 *
 * @throws UnsealError, and the signal's reason if the worker stops.
 */
export async function attemptDelivery(
  tools: WebhookTools,
  delivery: HeldDelivery,
  tenantId: string,
): Promise<AttemptResult> {
  const started = new Date();
  const { secrets, url, eventId: id } = delivery;
  const keys = validSecrets(secrets, started).map(({ sealed }) =>
    tools.sealer.open(sealed, webhookSecretPurpose(tenantId)),
  );
  const end = (rest: Partial<WebhookAttempt>): WebhookAttempt => ({
    at: started.toISOString(),
    durationMs: Date.now() - started.getTime(),
    ...rest,
  });
  const body = bodyOf(delivery);
  if (body === undefined) return failed(end({ error: "the event has been deleted" }));
  const timestamp = Math.floor(started.getTime() / 1_000);
  const headers = {
    "Content-Type": "application/json",
    "User-Agent": "Docket-Webhooks",
    ...signedHeaders(keys, { id, timestamp, body }),
  };
  try {
    const response = await postOutbound(tools.outbound, {
      url,
      headers,
      body,
      signal: tools.shutdown,
    });
    const { status, body: responseBody } = response;
    const attempt = end({ responseStatus: status, ...(responseBody !== "" && { responseBody }) });
    if (status >= 200 && status < 300)
      return { isDelivered: true, retryMs: undefined, attempt, isGone: false };
    if (status === 410) return { ...failed(attempt), isGone: true };
    return failed(attempt, retryMs(tools, delivery, response.retryAfter));
  } catch (error) {
    tools.shutdown.throwIfAborted();
    const attempt = end({ error: sentenceOf(error) });
    // No retry can change what the policy refuses.
    return failed(attempt, error instanceof RefusedError ? undefined : retryMs(tools, delivery));
  }
}

const failed = (attempt: WebhookAttempt, retryAfterMs?: number): AttemptResult => ({
  isDelivered: false,
  retryMs: retryAfterMs,
  attempt,
  isGone: false,
});

/** The body of every attempt (docs/api.md §9). The data is JSON already. Undefined if the event has been deleted. */
function bodyOf({ event, type, seq }: HeldDelivery): string | undefined {
  if (event === null) return undefined;
  const head = JSON.stringify({ type, timestamp: event.at, seq, subject: event.subject });
  return `${head.slice(0, -1)},"data":${event.data ?? "null"}}`;
}

function retryMs(
  { retryBaseMs: baseMs, random }: WebhookTools,
  { failures }: HeldDelivery,
  retryAfter?: string,
): number | undefined {
  const retryAfterMs = millisecondsOf(retryAfter);
  return webhookRetryDelayMs(failures + 1, {
    baseMs,
    random: random(),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** `Retry-After` is a number of seconds or a date (RFC 9110, §10.2.3). */
function millisecondsOf(retryAfter: string | undefined): number | undefined {
  if (retryAfter === undefined) return undefined;
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter) * 1_000;
  const at = Date.parse(retryAfter);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}

/** What the owner of the endpoint may see of an error: no address, since it may be of a network that is not theirs. */
function sentenceOf(error: unknown): string {
  if (error instanceof RefusedError) return `url ${error.message}`;
  if (error instanceof RequestTimeoutError) return "no response within 15 s";
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === "string" ? `the request failed: ${code}` : "the request failed";
}
