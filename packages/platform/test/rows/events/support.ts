import { CHAIN_START, verifyEvent, type FeedEvent } from "@docket/domain";
import type pg from "pg";
import type { Transaction } from "../../../src/database/index.ts";
import {
  numberEvents,
  readEvents,
  recordEvent,
  sha256,
  type EventRow,
} from "../../../src/rows/index.ts";
import type { RowsStage, RowsTenant } from "../stage.ts";

/** Writes an event whose subject is `name`. */
export const write = (tx: Transaction, name: string): Promise<void> =>
  recordEvent(
    tx,
    { actor: "alice", requestId: "r" },
    { type: "context.created", subject: name, data: { name, amount: 1.5 } },
  );

/** An open transaction that has written an event. */
export async function openTransaction(
  { database }: Pick<RowsStage, "database">,
  tenant: RowsTenant,
  name: string,
): Promise<{ readonly commit: () => Promise<void> }> {
  let commit!: () => void;
  const held = new Promise<void>((resolve) => (commit = resolve));
  let done!: Promise<void>;
  await new Promise<void>((resolve, reject) => {
    done = tenant.run(() =>
      database.transaction(async (tx) => {
        await write(tx, name);
        resolve();
        await held;
      }),
    );
    done.catch(reject);
  });
  return {
    commit: () => {
      commit();
      return done;
    },
  };
}

/** Numbers everything that is committed. */
export async function numberAll(pool: pg.Pool): Promise<void> {
  for (let result = await numberEvents(pool); !result.isDone;)
    result = await numberEvents(pool, result.next);
}

/** All events of a tenant that are kept after `after`. */
export const allEvents = (
  { database }: Pick<RowsStage, "database">,
  tenant: RowsTenant,
  after = 0,
): Promise<readonly EventRow[]> =>
  tenant.run(() => readEvents(database.pool, { after, limit: 10_000 }));

/** The first fault in the chain of events; undefined if there is none. */
export function faultIn(events: readonly EventRow[], start = CHAIN_START) {
  let head = start;
  for (const row of events) {
    const next = verifyEvent(sha256, head, feedEvent(row));
    if ("fault" in next) return next;
    head = next;
  }
  return undefined;
}

function feedEvent({ at, requestId, data, ...row }: EventRow): FeedEvent {
  return {
    ...row,
    at: at.toISOString(),
    ...(requestId !== null && { requestId }),
    data: data === null ? null : JSON.parse(data),
  };
}
