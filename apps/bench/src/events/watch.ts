import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import type { Docket } from "@docket/client";
import type { Lifetime } from "@docket/platform";

/** Where an event arrived, by its subject, and when (`performance.now()`). */
export type Sightings = ReadonlyMap<string, number>;

/** A receiver of webhooks on loopback. */
export async function watchWebhooks(
  lifetime: Lifetime,
): Promise<{ readonly url: string; readonly seen: Sightings }> {
  const seen = new Map<string, number>();
  const server = createServer((request, response) => {
    const at = performance.now();
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { subject } = JSON.parse(Buffer.concat(chunks).toString()) as { subject: string };
      if (!seen.has(subject)) seen.set(subject, at);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  lifetime.onClose("receiver", async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, seen };
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
