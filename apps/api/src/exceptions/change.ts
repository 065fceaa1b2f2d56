import {
  applyExceptionCommand,
  notFound,
  type CurrentException,
  type ExceptionCommand,
} from "@docket/domain";
import { currentTenant, type Prisma, type Transaction } from "@docket/platform/database";
import { recordEvents, type Actor } from "@docket/platform/rows";
import { instantAfter, lockRows } from "../changes/lock.ts";
import { requireMatch, type IfMatch } from "../http/etag.ts";
import { exceptionPath, findExceptions } from "./service.ts";
import { exceptionView } from "./view.ts";

type Row = Prisma.ExceptionGetPayload<object>;

/** A locked exception, and the instant of the next change. */
export type LockedException = {
  readonly id: string;
  readonly current: CurrentException;
  readonly at: Date;
};

/** Locks exceptions until the end of the transaction. Unknown IDs are left out. */
export async function lockExceptions(
  tx: Transaction,
  ids: readonly string[],
): Promise<readonly LockedException[]> {
  const locks = await lockRows(tx, "exceptions", ids);
  const rows = await tx.exception.findMany({ where: { id: { in: locks.map(({ id }) => id) } } });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return locks.map((lock) => {
    const row = byId.get(lock.id)!;
    return { id: row.id, current: currentOf(row), at: instantAfter(lock, row) };
  });
}

/** A CHECK of the table guarantees the severity and the status. */
const currentOf = (row: Row): CurrentException => ({
  severity: row.severity as CurrentException["severity"],
  status: row.status as CurrentException["status"],
  assignedTo: row.assignedTo,
  dueAt: row.dueAt?.toISOString() ?? null,
  resolutionType: row.resolutionType,
  resolutionNotes: row.resolutionNotes,
  version: row.version,
  manualEvents: row.manualEvents,
  manualFields: row.manualFields,
});

/** A change of a locked exception that has not been written yet. */
export type ExceptionChange = { readonly id: string } & NonNullable<
  ReturnType<typeof applyExceptionCommand<Date>>
>;

/**
 * Locks an exception and applies `command`. The row, the history event and the event in the feed commit together.
 *
 * @throws DocketError `not_found`, `precondition_failed`, `invalid_exception_transition`, `history_limit_reached`.
 */
export async function changeException(
  tx: Transaction,
  id: string,
  command: ExceptionCommand,
  by: Actor,
  ifMatch: IfMatch,
): Promise<void> {
  const [locked] = await lockExceptions(tx, [id]);
  if (locked === undefined) throw notFound("exception");
  requireMatch(ifMatch, locked.current.version);
  const change = applyExceptionCommand(locked.current, command, { actor: by.actor, at: locked.at });
  if (change !== undefined) await writeChanges(tx, [{ id, ...change }], by);
}

/** Writes changes of locked exceptions, with their history events and their events in the feed. */
export async function writeChanges(
  tx: Transaction,
  changes: readonly ExceptionChange[],
  by: Actor,
): Promise<void> {
  const tenantId = currentTenant();
  const rows = JSON.stringify(changes.map(({ id, fields }) => rowOf(id, fields)));
  await tx.$executeRaw`
    UPDATE exceptions e
    SET severity = c.severity, status = c.status, assigned_to = c.assigned_to, due_at = c.due_at,
        resolution_type = c.resolution_type, resolution_notes = c.resolution_notes, resolved_at = c.resolved_at,
        version = c.version, manual_events = c.manual_events, manual_fields = c.manual_fields, updated_at = c.updated_at
    FROM jsonb_to_recordset(${rows}::jsonb)
      AS c (id uuid, severity text, status text, assigned_to text, due_at timestamptz, resolution_type text, resolution_notes text,
            resolved_at timestamptz, version int, manual_events int, manual_fields text[], updated_at timestamptz)
    WHERE e.id = c.id`;
  await tx.exceptionEvent.createMany({
    data: changes.map(({ id, event: { changes: fields, ...event } }) => ({
      tenantId,
      exceptionId: id,
      ...event,
      changes: [...fields],
    })),
  });
  const after = await findExceptions(
    tx,
    changes.map(({ id }) => id),
  );
  await recordEvents(
    tx,
    by,
    changes.map(({ id, event }) => ({
      type: `exception.${event.type}`,
      subject: exceptionPath(id),
      data: exceptionView(after.get(id)!, event.at),
    })),
  );
}

/** A row of the recordset. Dates become RFC 3339 in JSON. */
const rowOf = (id: string, fields: ExceptionChange["fields"]): object => ({
  id,
  severity: fields.severity,
  status: fields.status,
  assigned_to: fields.assignedTo,
  due_at: fields.dueAt,
  resolution_type: fields.resolutionType,
  resolution_notes: fields.resolutionNotes,
  resolved_at: fields.resolvedAt,
  version: fields.version,
  manual_events: fields.manualEvents,
  manual_fields: fields.manualFields,
  updated_at: fields.updatedAt,
});
