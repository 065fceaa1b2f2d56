import type { Logger } from "@docket/platform";
import { withTenant, type Database } from "@docket/platform/database";
import { readEvents, readHeadsOf, readRunningExportsOf } from "@docket/platform/rows";
import { createTimers } from "./timers.ts";
import { eventMessage, heartbeat, progressMessage, type Message } from "./message.ts";
import type { Reader } from "./reader.ts";

/**
 * Passes new events on to the readers of all streams of this process. It asks the database for the heads of the tenants that have
 * readers, and reads each new event once, whatever the number of readers. It does nothing while there are none.
 */
export type Relay = {
  /** Adds a reader to which everything up to its position was sent. Returns a function that removes it. */
  readonly add: (tenantId: string, reader: Reader) => () => void;
  /** The last event that the readers of a tenant have been sent; undefined if it has none. */
  readonly positionOf: (tenantId: string) => number | undefined;
  /** A hint that there may be new events. */
  readonly wake: () => void;
  readonly close: () => void;
};

export type RelayTools = { readonly database: Pick<Database, "pool">; readonly logger: Logger };

/** The readers of one tenant. All events up to `seq` have been sent to them. */
type Channel = {
  readonly tenantId: string;
  readonly readers: Set<Reader>;
  seq: number;
  isReading: boolean;
};

type Channels = ReadonlyMap<string, Channel>;

const POLL_MS = 200;
const PROGRESS_MS = 1_000;
const HEARTBEAT_MS = 15_000;

/** Few enough that the largest events stay below the limit of a reader's backlog. */
export const EVENTS_PER_READ = 40;

/** @param afterSending limits what the readers of the process have not taken yet. */
export function createRelay(tools: RelayTools, afterSending: () => void): Relay {
  const channels = new Map<string, Channel>();
  const timers = createTimers(
    [
      [POLL_MS, createPassing(tools, channels, afterSending)],
      [PROGRESS_MS, createProgress(tools, channels, afterSending)],
      [
        HEARTBEAT_MS,
        async () => {
          for (const channel of channels.values()) broadcast(channel, heartbeat);
        },
      ],
    ],
    tools.logger,
  );

  const remove = (tenantId: string, reader: Reader): void => {
    const channel = channels.get(tenantId);
    channel?.readers.delete(reader);
    if (channel?.readers.size === 0) channels.delete(tenantId);
    if (channels.size === 0) timers.stop();
  };
  return {
    add: (tenantId, reader) => {
      const seq = reader.position();
      const channel = channels.get(tenantId) ?? {
        tenantId,
        readers: new Set(),
        seq,
        isReading: false,
      };
      channel.readers.add(reader);
      channels.set(tenantId, channel);
      timers.start();
      return () => remove(tenantId, reader);
    },
    positionOf: (tenantId) => channels.get(tenantId)?.seq,
    wake: timers.runFirst,
    close: timers.stop,
  };
}

/**
 * Returns a function that sends the new events of every tenant. The tenants do not wait for each other: one whose requests have
 * taken all its database connections delays only its own streams.
 */
function createPassing(
  { database: { pool }, logger }: RelayTools,
  channels: Channels,
  afterSending: () => void,
): () => Promise<void> {
  const passTo = async (channel: Channel, head: number): Promise<void> => {
    while (channel.seq < head && channel.readers.size > 0) {
      const after = channel.seq;
      const rows = await withTenant(channel.tenantId, () =>
        readEvents(pool, { after, limit: EVENTS_PER_READ }),
      );
      for (const row of rows) broadcast(channel, eventMessage(row));
      channel.seq = rows.at(-1)?.seq ?? head;
      afterSending();
    }
  };
  const pass = async (channel: Channel, head: number): Promise<void> => {
    if (channel.isReading) return;
    channel.isReading = true;
    try {
      await passTo(channel, head);
    } catch (error) {
      logger.warn({ err: error }, "relay of events failed, retrying");
    } finally {
      channel.isReading = false;
    }
  };
  return async () => {
    for (const { tenantId, seq } of await readHeadsOf(pool, [...channels.keys()])) {
      const channel = channels.get(tenantId);
      if (channel !== undefined) void pass(channel, seq);
    }
  };
}

/** Returns a function that sends the progress of running exports that has changed since it was sent. */
function createProgress(
  { database: { pool } }: RelayTools,
  channels: Channels,
  afterSending: () => void,
): () => Promise<void> {
  let sent = new Map<string, number>();
  return async () => {
    const running = await readRunningExportsOf(pool, [...channels.keys()]);
    for (const job of running) {
      const channel = channels.get(job.tenantId);
      if (channel !== undefined && sent.get(job.id) !== job.bytesWritten)
        broadcast(channel, progressMessage(job));
    }
    sent = new Map(running.map(({ id, bytesWritten }) => [id, bytesWritten]));
    afterSending();
  };
}

function broadcast({ readers }: Channel, message: Message): void {
  for (const reader of readers) reader.send(message);
}
