import type pg from "pg";
import type { Logger } from "../../process/logger.ts";
import { startPoll, type Poll } from "../../process/poll.ts";
import { numberEvents, OUTBOX_START } from "./number.ts";

/** Numbers the committed events (docs/api.md §9). Any number of processes may run one: they take turns. */
export type Sequencer = {
  readonly start: () => void;
  /** A hint that events may have been committed. Without it, they wait for the timer. */
  readonly wake: () => void;
  readonly close: () => Promise<void>;
};

export type SequencerOptions = {
  readonly pool: pg.Pool;
  readonly logger: Logger;
  /** Called after a batch has committed, with the tenants of its events. A hint: other processes number events, too. */
  readonly onNumbered?: (tenants: ReadonlySet<string>) => void;
  readonly intervalMs?: number;
};

const INTERVAL_MS = 250;

/** Hints in this time share a batch, so that a busy API does not run one for each request. */
const COALESCE_MS = 15;

/** How often the outbox is read from its beginning, in case a position was wrong, as after a failover to a replica that lagged. */
const RESTART_MS = 60_000;

/** Creates a sequencer, which does nothing until it is started. */
export function createSequencer(options: SequencerOptions): Sequencer {
  const { intervalMs = INTERVAL_MS } = options;
  let poll: Poll | undefined;
  return {
    start: () => {
      poll = startPoll({ intervalMs, hintDelayMs: COALESCE_MS }, createDrain(options));
    },
    wake: () => poll?.hint(),
    close: async () => poll?.close(),
  };
}

/** Returns a function that numbers batches until everything has a number. It resolves also if that fails. */
function createDrain({
  pool,
  logger,
  onNumbered,
}: SequencerOptions): (isStopped: () => boolean) => Promise<void> {
  let position = OUTBOX_START;
  let restartAt = 0;
  let isFailing = false;

  const drain = async (isStopped: () => boolean): Promise<void> => {
    for (;;) {
      const { tenants, isDone, next } = await numberEvents(pool, position);
      position = next;
      if (tenants.size > 0) onNumbered?.(tenants);
      if (isDone || isStopped()) return;
    }
  };
  return async (isStopped) => {
    if (Date.now() >= restartAt) {
      position = OUTBOX_START;
      restartAt = Date.now() + RESTART_MS;
    }
    try {
      await drain(isStopped);
      isFailing = false;
    } catch (error) {
      position = OUTBOX_START;
      // Once for each outage. The gauge docket_events_lag_seconds shows how long it lasts.
      if (!isFailing) logger.warn({ err: error }, "numbering of events failed, retrying");
      isFailing = true;
    }
  };
}
