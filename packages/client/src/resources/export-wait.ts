import type { ExportWatch } from "../events/export-watch.ts";
import type { ExportJob } from "../generated/api-types.ts";
import type { CallOptions } from "../transport/options.ts";
import { createBell, isOutage } from "../transport/retry.ts";
import type { Transport } from "../transport/transport.ts";

export type WaitOptions = CallOptions & {
  /** Called with the job whenever it is known to have changed, also with the finished one. */
  readonly onProgress?: (job: ExportJob) => void;
};

const POLL_INTERVAL_MS = 1_000;
/** Whatever the server asks for. */
const MAX_INTERVAL_MS = 60_000;
/** With a stream, which reports every change, polling only guards against one that fails in silence. */
const LIVE_INTERVAL_MS = 30_000;
const UNFINISHED: readonly string[] = ["QUEUED", "RUNNING"];

/**
 * Waits until the job has ended: until the stream of events reports a change, or else as long as `Retry-After` says. The job that
 * is read decides, never an event. Goes on after an outage, until the signal is aborted.
 */
export async function waitUntilFinished(
  transport: Transport,
  watch: ExportWatch,
  path: string,
  { onProgress, ...options }: WaitOptions = {},
): Promise<ExportJob> {
  const bell = createBell();
  let job: ExportJob | undefined;
  let remove: (() => void) | undefined;
  try {
    for (;;) {
      const answer = await transport
        .call({ method: "GET", path, options })
        .catch((error: unknown) => {
          if (isOutage(error)) return error;
          throw error;
        });
      if ("value" in answer) {
        job = answer.value as ExportJob;
        onProgress?.(job);
        if (!UNFINISHED.includes(job.status)) return job;
        remove ??= watch.add({
          jobId: job.id,
          onChange: bell.ring,
          onProgress: (progress) => onProgress?.({ ...job!, status: "RUNNING", ...progress }),
        });
      }
      const asked = Math.min(answer.retryAfterMs ?? POLL_INTERVAL_MS, MAX_INTERVAL_MS);
      const interval = watch.isLive() ? LIVE_INTERVAL_MS : asked;
      await bell.wait(interval, options.signal ?? transport.signal);
    }
  } finally {
    remove?.();
  }
}
