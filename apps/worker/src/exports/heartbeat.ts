import { setTimeout as pause } from "node:timers/promises";
import { LEASE_SECONDS } from "@docket/domain";
import type { Logger } from "@docket/platform";
import type { ExportMeter } from "./pipeline.ts";
import type { ClaimedJob, JobRows, Progress } from "./job-rows.ts";
import { AttemptStopped } from "./outcome.ts";

/** Every beat renews the lease, shows progress, and notices a cancel: within two seconds, as the contract wants. */
const BEAT_MS = 1_000;

export type HeldClaim = {
  /** Aborts with an `AttemptStopped` when the claim is lost, or the worker is to stop. */
  readonly signal: AbortSignal;
  /** Ends the heartbeat. */
  readonly release: () => Promise<void>;
};

/** Keeps a claim alive while its export runs. */
export function keepClaim(options: {
  readonly job: ClaimedJob;
  readonly rows: Pick<JobRows, "renew">;
  readonly logger: Logger;
  readonly shutdown: AbortSignal;
  /** The running export's meter, once there is one. */
  readonly meter: () => ExportMeter | undefined;
}): HeldClaim {
  const { job, rows, logger, shutdown, meter } = options;
  const stop = new AbortController();
  const released = new AbortController();
  const onShutdown = (): void => stop.abort(new AttemptStopped("shutdown"));
  if (shutdown.aborted) onShutdown();
  shutdown.addEventListener("abort", onShutdown, { once: true });

  // Past the lease another worker may have the job: stop before there are two, also when no answer comes at all.
  const leaseOver = (): void => stop.abort(new AttemptStopped("lost"));
  let lease = setTimeout(leaseOver, LEASE_SECONDS * 1_000);
  let progress = NOTHING_YET;

  const beat = async (): Promise<void> => {
    progress = await Promise.race([readProgress(meter(), progress), pause(BEAT_MS, progress)]);
    if (released.signal.aborted) return;
    const asked = performance.now();
    try {
      if (!(await rows.renew(job, progress))) stop.abort(new AttemptStopped("lost"));
    } catch (error) {
      logger.warn({ err: error }, "could not renew the lease");
      return;
    }
    clearTimeout(lease);
    if (!released.signal.aborted)
      lease = setTimeout(leaseOver, LEASE_SECONDS * 1_000 - (performance.now() - asked));
  };

  const beating = (async () => {
    while (!released.signal.aborted && !stop.signal.aborted) {
      await pause(BEAT_MS, undefined, { signal: released.signal }).catch(() => undefined);
      if (!released.signal.aborted) await beat();
    }
  })();

  return {
    signal: stop.signal,
    release: async () => {
      released.abort();
      clearTimeout(lease);
      shutdown.removeEventListener("abort", onShutdown);
      // A renewal that hangs is fenced: it need not be waited for.
      await Promise.race([beating, pause(BEAT_MS)]);
    },
  };
}

const NOTHING_YET: Progress = {
  recordsWritten: 0,
  recordsExpected: undefined,
  bytesWritten: 0,
  asOf: undefined,
};

/** The meter's newest reading, or the one before: the lease must not depend on what is only for show. */
async function readProgress(meter: ExportMeter | undefined, before: Progress): Promise<Progress> {
  return (await meter?.read().catch(() => undefined)) ?? before;
}
