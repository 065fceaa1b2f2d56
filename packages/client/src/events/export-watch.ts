import { sleep } from "../transport/retry.ts";
import type { Transport } from "../transport/transport.ts";
import { createBackoff } from "./backoff.ts";
import { readEventStream, type ExportProgress, type StreamMessage } from "./stream.ts";

/** One that waits for an export job. */
export type Watcher = {
  readonly jobId: string;
  /** The job may have changed: read it. */
  readonly onChange: () => void;
  readonly onProgress: (progress: ExportProgress) => void;
};

/** Watches export jobs with one stream of events, whatever the number of watchers. */
export type ExportWatch = {
  /** Returns a function that removes the watcher. The last one to leave closes the stream. */
  readonly add: (watcher: Watcher) => () => void;
  /** Whether every change of a job is reported. Without a stream, watchers must poll. */
  readonly isLive: () => boolean;
};

const SUBJECT = "/v1/export-jobs/";
const TYPES = ["progress", "started", "retried", "succeeded", "failed", "canceled", "expired"].map(
  (name) => `export-job.${name}`,
);

export function createExportWatch(transport: Transport): ExportWatch {
  const watchers = new Set<Watcher>();
  const backoff = createBackoff();
  let closing: AbortController | undefined;
  let isLive = false;

  // Watchers read their job once more: what has changed before is not reported.
  const setLive = (value: boolean): void => {
    isLive = value;
    for (const { onChange } of watchers) onChange();
  };

  const passOnMessages = async (signal: AbortSignal): Promise<void> => {
    const onOpen = (): void => {
      // The last watcher may have left while the stream opened.
      if (!signal.aborted) setLive(true);
    };
    for await (const message of readEventStream(transport, { type: TYPES, signal, onOpen })) {
      dispatch(watchers, message);
    }
  };

  const follow = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      await sleep(backoff.remainingMs(), signal);
      const failure = await passOnMessages(signal).catch((error: unknown) => error);
      if (signal.aborted) return;
      backoff.failed(failure);
      setLive(false);
    }
  };

  return {
    add: (watcher) => {
      watchers.add(watcher);
      // It may have read its job before the newest event of it.
      if (isLive) watcher.onChange();
      if (closing === undefined) {
        closing = new AbortController();
        // Rejects when it is closed.
        void follow(closing.signal).catch(() => undefined);
      }
      return () => {
        watchers.delete(watcher);
        if (watchers.size > 0) return;
        isLive = false;
        closing?.abort();
        closing = undefined;
      };
    },
    isLive: () => isLive,
  };
}

function dispatch(watchers: ReadonlySet<Watcher>, { event, progress }: StreamMessage): void {
  for (const { jobId, onChange, onProgress } of watchers) {
    if (progress?.id === jobId) onProgress(progress);
    if (event?.subject === `${SUBJECT}${jobId}`) onChange();
  }
}
