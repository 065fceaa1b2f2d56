import type { EventType } from "@docket/domain";
import { currentTenant, Prisma, type Statements } from "../../database/index.ts";
import { shortened } from "./shorten.ts";

/** Who acts, and in which request. */
export type Actor = { readonly actor: string; readonly requestId: string };

/** The actor of what the worker does by itself. */
const WORKER_ACTOR = "docket";

/** A change that is an event of its tenant (docs/api.md §9). */
export type NewEvent = {
  readonly type: EventType;
  /** The path of the resource. */
  readonly subject: string;
  /** The resource as its GET shows it after the change. Must be JSON. */
  readonly data: object;
};

/** {@link recordEvents} for one event. */
export const recordEvent = (tx: Statements, by: Partial<Actor>, event: NewEvent): Promise<void> =>
  recordEvents(tx, by, [event]);

/**
 * Writes events. Pass the transaction of the changes, so that both commit together. The sequencer numbers them after the commit.
 *
 * @param by default: the worker.
 */
export async function recordEvents(
  tx: Statements,
  { actor = WORKER_ACTOR, requestId }: Partial<Actor>,
  events: readonly NewEvent[],
): Promise<void> {
  const rows = events.map(({ type, subject, data }) => ({ type, subject, data: shortened(data) }));
  await tx.$executeRawUnsafe(
    INSERT,
    currentTenant(),
    actor,
    requestId ?? null,
    JSON.stringify(rows),
  );
}

/** `seq` is drawn in the order of the events. */
const INSERT = `
  INSERT INTO audit_events (tenant_id, actor, request_id, action, subject, data)
  SELECT $1::uuid, $2::text, $3::text, e.value ->> 'type', e.value ->> 'subject', e.value -> 'data'
  FROM jsonb_array_elements($4::jsonb) WITH ORDINALITY AS e (value, place) ORDER BY e.place`;

/** An event to write for each changed row. Default: the worker acts, in the request of the row; "requester": `requested_by` does. */
export type RowEvent = {
  readonly type: EventType;
  readonly by?: Actor | "requester" | undefined;
};

/**
 * An INSERT of one event for each row of `rows`, for a common table expression beside the change itself.
 *
 * @param rows a relation with the columns `id`, `tenant_id` and `request_id`, and `requested_by` if the requester acts.
 * @param path what precedes the id in the event's subject.
 * @param data the resource as JSON of at most 20 kB, an expression over `rows`.
 */
export const insertRowEvents = (
  { type, by }: RowEvent,
  {
    rows,
    path,
    data,
  }: { readonly rows: Prisma.Sql; readonly path: string; readonly data: Prisma.Sql },
): Prisma.Sql => Prisma.sql`
  INSERT INTO audit_events (tenant_id, actor, action, subject, request_id, data)
  SELECT tenant_id, ${actorOf(by)}, ${type}::text, ${path}::text || id, ${requestOf(by)}, ${data} FROM ${rows}`;

const actorOf = (by: RowEvent["by"]): Prisma.Sql =>
  by === "requester" ? Prisma.sql`requested_by` : Prisma.sql`${by?.actor ?? WORKER_ACTOR}::text`;

const requestOf = (by: RowEvent["by"]): Prisma.Sql =>
  typeof by === "object" ? Prisma.sql`${by.requestId}::text` : Prisma.sql`request_id`;
