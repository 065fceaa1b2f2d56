import { DocketError } from "./error.ts";

/** A verified webhook (docs/api.md §9). */
export type WebhookEvent = {
  /** The event's ID, the same in every attempt: use it to recognize repeated deliveries. */
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly seq: number;
  readonly subject: string;
  readonly data: unknown;
};

/** A Request of fetch, or the headers and the unchanged bytes or text of the body. */
export type WebhookRequest =
  | Request
  | {
      readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
      readonly body: string | Uint8Array;
    };

export type VerifyOptions = {
  /** How far the time of the request may be from now, in seconds. Default: 300. */
  readonly toleranceSeconds?: number;
  /** The current time, in milliseconds. Default: that of the system. */
  readonly now?: number;
};

const TOLERANCE_SECONDS = 300;
const PREFIX = "whsec_";

/**
 * Verifies the signature and the time of a webhook, after the Standard Webhooks specification.
 *
 * @param secrets the secret of the endpoint, or both while it is rotated
 * @throws DocketError `webhook_invalid`: answer with 400 and do nothing
 * @example
 * const event = await webhooks.verify({ headers: request.headers, body: rawBody }, process.env.WEBHOOK_SECRET);
 */
async function verify(
  request: WebhookRequest,
  secrets: string | readonly string[],
  { toleranceSeconds = TOLERANCE_SECONDS, now = Date.now() }: VerifyOptions = {},
): Promise<WebhookEvent> {
  const body = await bodyOf(request);
  const [id, timestamp, signature] = ["id", "timestamp", "signature"].map((name) =>
    headerOf(request, `webhook-${name}`),
  ) as [string, string, string];
  if (!/^\d{1,15}$/.test(timestamp)) throw invalid("webhook-timestamp is not a time");
  if (Math.abs(now / 1_000 - Number(timestamp)) > toleranceSeconds) {
    throw invalid("webhook-timestamp is too far from the current time");
  }
  const head = new TextEncoder().encode(`${id}.${timestamp}.`);
  const content = new Uint8Array(head.length + body.length);
  content.set(head);
  content.set(body, head.length);
  for (const secret of typeof secrets === "string" ? [secrets] : secrets) {
    const key = await importKey(secret);
    for (const given of signaturesIn(signature)) {
      // Compares in constant time.
      if (await crypto.subtle.verify("HMAC", key, given, content)) {
        return { ...parseBody(body), id };
      }
    }
  }
  throw invalid("no signature was made with any of the secrets");
}

/** Verifies webhooks. Needs no API. */
export const webhooks = { verify };

const invalid = (detail: string): DocketError =>
  new DocketError("webhook", { code: "webhook_invalid", detail });

function headerOf({ headers }: WebhookRequest, name: string): string {
  const value = headers instanceof Headers ? headers.get(name) : headers[name];
  if (typeof value !== "string" || value === "") throw invalid(`${name} is missing`);
  return value;
}

async function bodyOf(request: WebhookRequest): Promise<Uint8Array> {
  if (request instanceof Request) return new Uint8Array(await request.arrayBuffer());
  const { body } = request;
  return typeof body === "string" ? new TextEncoder().encode(body) : body;
}

/** @throws Error for a secret that no endpoint can have, which would make every signature valid */
async function importKey(secret: string) {
  const bytes = fromBase64(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret);
  if (bytes === undefined || bytes.length < 16) throw new Error("The webhook secret is invalid.");
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, [
    "verify",
  ]);
}

/** The signatures of version 1; others are of later versions. */
const signaturesIn = (header: string): readonly Uint8Array<ArrayBuffer>[] =>
  header
    .split(" ")
    .filter((each) => each.startsWith("v1,"))
    .map((each) => fromBase64(each.slice(3)))
    .filter((each) => each !== undefined);

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function parseBody(body: Uint8Array): Omit<WebhookEvent, "id"> {
  try {
    return JSON.parse(new TextDecoder().decode(body)) as Omit<WebhookEvent, "id">;
  } catch {
    throw invalid("the body is not JSON");
  }
}
