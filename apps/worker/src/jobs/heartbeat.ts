import { setTimeout as pause } from "node:timers/promises";
import { LEASE_SECONDS } from "@docket/domain";
import type { Logger } from "@docket/platform";
import type { ExportMeter } from "../export/pipeline.ts";
import type { ClaimedJob, JobRows } from "./job-rows.ts";
import { AttemptStopped } from "./outcome.ts";

/** Every beat renews the lease, shows progress, and notices a cancel: within two seconds, as the contract wants. */
const BEAT_MS = 1_000;

export type HeldClaim = {
  /** Aborts with an `AttemptStopped` when the claim is lost, or the worker is to stop. */
  readonly signal: AbortSignal;
  /** Ends the heartbeat; after it no write of it is under way. */
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

  let renewedAt = performance.now();
  const beat = async (): Promise<void> => {
    try {
      const progress = (await meter()?.read()) ?? NOTHING_YET;
      if (released.signal.aborted) return;
      const asked = performance.now();
      if (await rows.renew(job, progress)) renewedAt = asked;
      else stop.abort(new AttemptStopped("lost"));
    } catch (error) {
      if (released.signal.aborted) return;
      logger.warn({ err: error }, "could not renew the lease");
      // Past the lease another worker may have the job: stop before there are two.
      if (performance.now() - renewedAt > LEASE_SECONDS * 1_000)
        stop.abort(new AttemptStopped("lost"));
    }
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
      shutdown.removeEventListener("abort", onShutdown);
      await beating;
    },
  };
}

const NOTHING_YET = {
  recordsWritten: 0,
  recordsExpected: undefined,
  bytesWritten: 0,
  asOf: undefined,
};
