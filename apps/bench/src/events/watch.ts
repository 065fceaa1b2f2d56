import { setTimeout as sleep } from "node:timers/promises";

import type { Docket } from "@docket/client";
import type { Lifetime } from "@docket/platform";
import { startWebhookReceiver } from "@docket/testing";

/** Where an event arrived, by its subject, and when (`performance.now()`). */
export type Sightings = ReadonlyMap<string, number>;

/** A receiver of webhooks on loopback. */
export async function watchWebhooks(
  lifetime: Lifetime,
): Promise<{ readonly url: string; readonly seen: Sightings }> {
  const seen = new Map<string, number>();
  const { url, close } = await startWebhookReceiver((subject, at) => {
    if (!seen.has(subject)) seen.set(subject, at);
  });
  lifetime.onClose("receiver", close);
  return { url, seen };
}

const POLL_MS = 5;

/** Asks the feed for what is new, again and again. */
export function watchFeed({ events }: Docket, after: number, signal: AbortSignal): Sightings {
  const seen = new Map<string, number>();
  const poll = async (): Promise<void> => {
    for (let last = after; !signal.aborted;) {
      const { items, lastSeq } = await events.page({ after: last, limit: 200 });
      for (const { subject } of items) seen.set(subject, performance.now());
      last = lastSeq;
      await sleep(POLL_MS, undefined, { signal });
    }
  };
  poll().catch(() => undefined);
  return seen;
}

/** Opens a stream of server-sent events and reads it. */
export async function watchStream(
  address: string,
  token: string,
  signal: AbortSignal,
): Promise<Sightings> {
  const seen = new Map<string, number>();
  const response = await fetch(`${address}/v1/events/stream`, {
    headers: { authorization: `Bearer ${token}` },
    signal,
  });
  if (!response.ok) throw new Error(`GET /v1/events/stream answered ${response.status}`);
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    let text = "";
    for await (const chunk of response.body!) {
      const messages = (text + decoder.decode(chunk, { stream: true })).split("\n\n");
      text = messages.pop()!;
      for (const message of messages) {
        const [, subject] = /"subject":"([^"]*)"/.exec(message) ?? [];
        if (subject !== undefined) seen.set(subject, performance.now());
      }
    }
  };
  read().catch(() => undefined);
  return seen;
}
