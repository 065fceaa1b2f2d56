import type { ExportJob } from "../generated/api-types.ts";
import { sleep } from "../transport/retry.ts";
import type { CallOptions, Transport } from "../transport/transport.ts";

export type WaitOptions = CallOptions & {
  /** Called with the job after each poll, also with the finished one. */
  readonly onProgress?: (job: ExportJob) => void;
};

const POLL_INTERVAL_MS = 1_000;
const UNFINISHED: readonly string[] = ["QUEUED", "RUNNING"];

/** Polls as often as `Retry-After` says until the job has ended. */
export async function pollUntilFinished(
  transport: Transport,
  path: string,
  { onProgress, ...options }: WaitOptions = {},
): Promise<ExportJob> {
  for (;;) {
    const answer = await transport.call({ method: "GET", path, options });
    const job = answer.value as ExportJob;
    onProgress?.(job);
    if (!UNFINISHED.includes(job.status)) return job;
    await sleep(answer.retryAfterMs ?? POLL_INTERVAL_MS, options.signal ?? transport.signal);
  }
}
