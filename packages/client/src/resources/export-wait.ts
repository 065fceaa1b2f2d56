import type { ExportJob } from "../generated/api-types.ts";
import { isOutage, sleep } from "../transport/retry.ts";
import type { CallOptions, Transport } from "../transport/transport.ts";

export type WaitOptions = CallOptions & {
  /** Called with the job after each poll, also with the finished one. */
  readonly onProgress?: (job: ExportJob) => void;
};

const POLL_INTERVAL_MS = 1_000;
/** Whatever the server asks for. */
const MAX_INTERVAL_MS = 60_000;
const UNFINISHED: readonly string[] = ["QUEUED", "RUNNING"];

/** Polls as often as `Retry-After` says until the job has ended. Goes on after an outage, until the signal is aborted. */
export async function pollUntilFinished(
  transport: Transport,
  path: string,
  { onProgress, ...options }: WaitOptions = {},
): Promise<ExportJob> {
  for (;;) {
    const answer = await transport
      .call({ method: "GET", path, options })
      .catch((error: unknown) => {
        if (isOutage(error)) return error;
        throw error;
      });
    if ("value" in answer) {
      const job = answer.value as ExportJob;
      onProgress?.(job);
      if (!UNFINISHED.includes(job.status)) return job;
    }
    const interval = Math.min(answer.retryAfterMs ?? POLL_INTERVAL_MS, MAX_INTERVAL_MS);
    await sleep(interval, options.signal ?? transport.signal);
  }
}
