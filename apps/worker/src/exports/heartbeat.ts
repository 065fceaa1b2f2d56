import { setTimeout as pause } from "node:timers/promises";
import { LEASE_SECONDS } from "@docket/domain";
import type { Logger } from "@docket/platform";
import type { Transaction } from "@docket/platform/database";
import {
  holdsExportJob,
  renewExportJob,
  type ExportClaim,
  type ExportProgress,
} from "@docket/platform/rows";
import { AttemptStopped } from "./outcome.ts";
import type { ExportMeter } from "./pipeline.ts";

/** A cancellation must stop the export within 2 s (docs/api.md §2). */
const BEAT_MS = 1_000;

/** No beat comes sooner: a small export is finished by then, and needs none. */
const MIN_BEAT_MS = 200;

export type Heartbeat = {
  /** Aborts with an `AttemptStopped` when the claim is lost or the worker stops. */
  readonly signal: AbortSignal;
  /** Brings the next beat forward, because there is progress that clients wait for. */
  readonly beatSoon: () => void;
  readonly stop: () => Promise<void>;
};

/**
 * Renews the lease of a claim, and records the progress, every second until stopped, or sooner if `beatSoon` is called.
 *
 * A lease is renewed only while the database that the export reads from responds too. If a replica is silent, the lease therefore
 * expires, and another worker, or this one, starts the export again.
 */
export function keepClaim(options: {
  readonly job: ExportClaim;
  readonly tx: Transaction;
  readonly logger: Logger;
  readonly shutdown: AbortSignal;
  /** The meter of the running export; undefined before it starts. */
  readonly meter: () => ExportMeter | undefined;
  /** Rejects if the database that the export reads from does not respond in time. */
  readonly pingSource: () => Promise<unknown>;
}): Heartbeat {
  const { job, tx, logger, shutdown, meter, pingSource } = options;
  const aborted = new AbortController();
  const stopped = new AbortController();
  const onShutdown = (): void => aborted.abort(new AttemptStopped("shutdown"));
  if (shutdown.aborted) onShutdown();
  shutdown.addEventListener("abort", onShutdown, { once: true });
  const onLost = (): void => aborted.abort(new AttemptStopped("lost"));
  const lease = createLeaseTimer(onLost);
  let progress = NO_PROGRESS;

  const beat = async (): Promise<void> => {
    progress = meter()?.read() ?? progress;
    const sentAt = performance.now();
    try {
      await pingSource().catch(async (error: unknown) => {
        // The lease is not renewed, but a cancellation is noticed.
        if (!(await holdsExportJob(tx, job))) onLost();
        throw error;
      });
      if ((await renewExportJob(tx, job, progress)) === undefined) onLost();
    } catch (error) {
      logger.warn({ err: error }, "lease renewal failed");
      return;
    }
    if (!stopped.signal.aborted) lease.extend(sentAt);
  };
  const pauses = createPauses(stopped.signal);
  const beating = (async () => {
    while (!stopped.signal.aborted && !aborted.signal.aborted) {
      await pauses.next();
      if (!stopped.signal.aborted) await beat();
    }
  })();

  return {
    signal: aborted.signal,
    beatSoon: pauses.shorten,
    stop: async () => {
      stopped.abort();
      lease.clear();
      shutdown.removeEventListener("abort", onShutdown);
      // A renewal that hangs is fenced by the claim.
      await Promise.race([beating, pause(BEAT_MS)]);
    },
  };
}

/** Pauses of `BEAT_MS`, or from `MIN_BEAT_MS` on as soon as they are shortened. They end when `signal` aborts. */
function createPauses(signal: AbortSignal): {
  readonly next: () => Promise<void>;
  /** Ends this pause, or the next one, after `MIN_BEAT_MS`. */
  readonly shorten: () => void;
} {
  let shortened = new AbortController();
  const shorten = (): void => shortened.abort();
  signal.addEventListener("abort", shorten, { once: true });
  const wait = (ms: number, until: AbortSignal): Promise<void> =>
    pause(ms, undefined, { signal: until }).catch(() => undefined);
  return {
    next: async () => {
      await wait(MIN_BEAT_MS, signal);
      await wait(BEAT_MS - MIN_BEAT_MS, shortened.signal);
      shortened = new AbortController();
    },
    shorten,
  };
}

/** Calls `onExpired` when the lease expires, because another worker may then claim the job. */
function createLeaseTimer(onExpired: () => void): {
  /** The lease counts from the moment when its renewal was sent. */
  readonly extend: (sentAt: number) => void;
  readonly clear: () => void;
} {
  let timer = setTimeout(onExpired, LEASE_SECONDS * 1_000);
  return {
    extend: (sentAt) => {
      clearTimeout(timer);
      timer = setTimeout(onExpired, LEASE_SECONDS * 1_000 - (performance.now() - sentAt));
    },
    clear: () => clearTimeout(timer),
  };
}

const NO_PROGRESS: ExportProgress = {
  recordsWritten: 0,
  recordsExpected: undefined,
  bytesWritten: 0,
  asOf: undefined,
};
