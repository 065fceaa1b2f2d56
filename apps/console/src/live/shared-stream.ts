import { isDocketError, type Docket, type ExportProgress, type FollowStatus } from "@docket/client";

import { createTab, type LiveMessage, type Tab } from "./tab.ts";

type Options = {
  readonly docket: Pick<Docket, "events">;
  /** Tabs of the same tenant share a stream. */
  readonly tenantId: string;
  readonly onMessage: (message: LiveMessage) => void;
};

/** After a refusal, such as a limit. */
const RETRY_MS = 10_000;

/**
 * Follows the events with one stream in all tabs of this browser: the tab that holds the lock reads it and tells the others. When
 * it closes, the browser gives the lock to another tab, which continues after the last event that it was told of.
 *
 * @returns a function that ends it
 */
export function shareStream({ docket, tenantId, onMessage }: Options): () => void {
  const stopping = new AbortController();
  const { signal } = stopping;
  const name = `docket-events-${tenantId}`;
  const tab = createTab(name, onMessage);
  // Rejects when it is aborted while another tab holds the lock.
  void requestLock(name, signal, () => lead(docket, tab, signal)).catch(() => undefined);
  return () => {
    stopping.abort();
    tab.close();
  };
}

async function lead(docket: Options["docket"], tab: Tab, signal: AbortSignal): Promise<void> {
  tab.becomeLeader();
  while (!signal.aborted) {
    const error: unknown = await follow(docket, tab, signal).catch((reason: unknown) => reason);
    if (signal.aborted) return;
    if (isDocketError(error, "events_expired")) tab.loseEvents();
    tab.publish({ kind: "status", status: "offline", seq: tab.lastSeq() });
    await pause(RETRY_MS, signal);
  }
}

async function follow(
  { events }: Options["docket"],
  { publish, lastSeq, hasLostEvents }: Tab,
  signal: AbortSignal,
): Promise<void> {
  const after = lastSeq() ?? (await events.head({ signal })).seq;
  // Only now, because later changes arrive as events.
  if (hasLostEvents()) publish({ kind: "reset", seq: after });
  const options = {
    after,
    signal,
    onStatus: (status: FollowStatus) =>
      publish({ kind: "status", status, seq: lastSeq() ?? after }),
    onProgress: (progress: ExportProgress) => publish({ kind: "progress", progress }),
  };
  for await (const { seq, type } of events.follow(options)) publish({ kind: "event", seq, type });
}

/** Pages that are not served by https have no locks: each tab then has a stream of its own. */
async function requestLock(
  name: string,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  if ("locks" in navigator) await navigator.locks.request(name, { signal }, work);
  else await work();
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener("abort", end, { once: true });
  });
