import type { Readable } from "node:stream";
import { DocketError } from "@docket/domain";
import { withTenant } from "@docket/platform/database";
import { readEvents, readFeedHead, requireKept } from "@docket/platform/rows";
import type { Principal } from "../../http/auth/principal.ts";
import { dependencyUnavailable, tooMany } from "../../http/translate-error.ts";
import { createSharedRuns } from "../../shared-runs.ts";
import { eventMessage } from "./message.ts";
import { createReader, type Reader } from "./reader.ts";
import { createRelay, EVENTS_PER_READ, type Relay, type RelayTools } from "./relay.ts";

/** The streams of events of this process. */
export type EventStreams = {
  /**
   * Opens a stream of the principal's tenant.
   *
   * @throws DocketError `rate_limited` if it has too many streams; `dependency_unavailable` if the process has; `events_expired`.
   */
  readonly open: (principal: Principal, options: StreamOptions) => Promise<Readable>;
  /** How many are open. */
  readonly count: () => number;
  /** A hint that there may be new events. */
  readonly wake: () => void;
  /** Ends every stream. Later ones are refused. */
  readonly close: () => void;
};

export type StreamOptions = {
  /** The event to continue after. Default, and at most: the newest one. */
  readonly after?: number | undefined;
  readonly types?: readonly string[] | undefined;
};

/** In this process (docs/api.md §9). */
const MAX_PER_PRINCIPAL = 20;
const MAX_PER_TENANT = 100;
/** Leaves 400 of the connections to other requests (http/server.ts). */
const MAX_STREAMS = 600;

const RETRY_SECONDS = 10;

/** What all readers of the process have not taken yet. Beyond, those with the most are cut off (docs/api.md §9). */
const MAX_BACKLOG_BYTES = 64 * 1_048_576;

function limitBacklogs(readers: readonly Reader[]): void {
  let total = readers.reduce((sum, reader) => sum + reader.backlog(), 0);
  if (total <= MAX_BACKLOG_BYTES) return;
  for (const reader of readers.toSorted((a, b) => b.backlog() - a.backlog())) {
    total -= reader.backlog();
    reader.cutOff();
    if (total <= MAX_BACKLOG_BYTES) return;
  }
}

type OpenStream = { readonly principal: Principal; readonly reader: Reader };

export function createEventStreams(tools: RelayTools): EventStreams {
  const open = new Set<OpenStream>();
  const limit = (): void => limitBacklogs([...open].map(({ reader }) => reader));
  const relay = createRelay(tools, limit);
  // After a restart, the clients of a tenant reconnect together: their reads must not fill the queue for connections.
  const shareHead = createSharedRuns<Awaited<ReturnType<typeof readFeedHead>>>();
  let isClosed = false;
  return {
    open: async (principal, { after, types }) => {
      if (isClosed) throw dependencyUnavailable("database");
      requireRoom(open, principal);
      const audience = {
        permissions: principal.permissions,
        types: types === undefined ? undefined : new Set(types),
      };
      const { pool } = tools.database;
      const reader = createReader(audience);
      const stream = { principal, reader };
      // Before the first await, so that simultaneous requests count each other.
      open.add(stream);
      reader.body.once("close", () => open.delete(stream));
      try {
        const head = await shareHead(principal.tenantId, () => readFeedHead(pool));
        // Here, where the response can still be an error.
        if (after !== undefined) requireKept(after, head.oldest.seq);
        // Never beyond the head, which a client may claim: the other readers of the tenant would wait for that number.
        reader.moveTo(Math.min(after ?? head.seq, head.seq));
      } catch (error) {
        reader.cutOff();
        throw error;
      }
      endAtExpiry(principal, reader);
      void follow(tools, relay, limit, { principal, reader, types });
      if (isClosed) reader.end();
      return reader.body;
    },
    count: () => open.size,
    wake: relay.wake,
    close: () => {
      isClosed = true;
      relay.close();
      for (const { reader } of open) reader.end();
    },
  };
}

function requireRoom(open: ReadonlySet<OpenStream>, { tenantId, subject }: Principal): void {
  const ofTenant = [...open].filter(({ principal }) => principal.tenantId === tenantId);
  const ofPrincipal = ofTenant.filter(({ principal }) => principal.subject === subject);
  if (ofPrincipal.length >= MAX_PER_PRINCIPAL || ofTenant.length >= MAX_PER_TENANT)
    throw new DocketError(
      "rate_limited",
      `Too many streams are open: at most ${MAX_PER_PRINCIPAL} of a principal and ${MAX_PER_TENANT} of a tenant.`,
      { retryAfterSeconds: RETRY_SECONDS },
    );
  if (open.size >= MAX_STREAMS) throw tooMany("streams of events");
}

/** Longer timers fire at once. */
const MAX_TIMER_MS = 2_147_483_647;

function endAtExpiry({ expiresAt }: Principal, reader: Reader): void {
  const leftMs = Math.max(0, expiresAt * 1_000 - Date.now());
  const timer = setTimeout(reader.end, Math.min(leftMs, MAX_TIMER_MS));
  reader.body.once("close", () => clearTimeout(timer));
}

type Following = OpenStream & Pick<StreamOptions, "types">;

/** Sends what a reader has missed, then adds it to the relay. */
async function follow(
  tools: RelayTools,
  relay: Relay,
  afterSending: () => void,
  following: Following,
): Promise<void> {
  const { principal, reader } = following;
  const { tenantId } = principal;
  // The relay may have sent more to others in the meantime. Without an await between the check and `add`, nothing is missed.
  const isBehind = (): boolean => reader.position() < (relay.positionOf(tenantId) ?? 0);
  try {
    do await withTenant(tenantId, () => catchUp(tools, following, afterSending));
    while (!reader.body.destroyed && isBehind());
    if (!reader.body.destroyed) reader.body.once("close", relay.add(tenantId, reader));
  } catch (error) {
    tools.logger.warn({ err: error }, "stream of events failed, the client resumes it");
    reader.cutOff();
  }
}

async function catchUp(
  { database: { pool } }: RelayTools,
  { reader, types }: Following,
  afterSending: () => void,
): Promise<void> {
  for (;;) {
    await reader.drained();
    if (reader.body.destroyed) return;
    const head = await readFeedHead(pool);
    const rows = await readEvents(pool, {
      after: reader.position(),
      limit: EVENTS_PER_READ,
      types,
    });
    for (const row of rows) reader.send(eventMessage(row));
    afterSending();
    if (rows.length < EVENTS_PER_READ) return reader.moveTo(head.seq);
  }
}
