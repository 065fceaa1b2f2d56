import { DocketError } from "../errors.ts";
import { assertHistoryFits } from "../history.ts";
import { exceptionLifecycle, type ExceptionAction, type ExceptionStatus } from "./lifecycle.ts";
import type {
  ExceptionSeverity,
  ResolveExceptionRequest,
  UpdateExceptionRequest,
} from "./requests.ts";

/** An action of a person on an exception, with its input. */
export type ExceptionCommand =
  | ({ readonly action: "update" } & UpdateExceptionRequest)
  | ({ readonly action: "resolve" } & ResolveExceptionRequest)
  | { readonly action: "reopen"; readonly reason: string };

/** The fields that a person may set, and what follows from them. Instants are RFC 3339 in UTC with milliseconds. */
type Values = {
  readonly severity: ExceptionSeverity;
  readonly status: ExceptionStatus;
  readonly assignedTo: string | null;
  readonly dueAt: string | null;
  readonly resolutionType: string | null;
  readonly resolutionNotes: string | null;
};

/** How many disputes an exception shows, the latest ones. `GET /v1/disputes` lists all of them (docs/api.md §5). */
export const MAX_EMBEDDED_DISPUTES = 50;

/** The fields that an ingest leaves as they are once a person has set them (docs/api.md §8). */
export type ManualField = "assignedTo" | "dueAt" | "severity" | "status";

/** The fields of an exception that decide what a command does. */
export type CurrentException = Values & {
  readonly version: number;
  /** How many history events people have caused. */
  readonly manualEvents: number;
  readonly manualFields: readonly string[];
};

/** The fields whose changes the history shows. An ingest may change all of them, a person those of {@link Values}. */
export const EXCEPTION_HISTORY_FIELDS = [
  "severity",
  "status",
  "reason",
  "assignedTo",
  "dueAt",
  "resolutionType",
  "resolutionNotes",
  "createdAt",
] as const;

type FieldChange = {
  readonly field: (typeof EXCEPTION_HISTORY_FIELDS)[number];
  readonly from?: string;
  readonly to?: string;
};

const EVENT_TYPES = {
  update: "updated",
  resolve: "resolved",
  reopen: "reopened",
} as const satisfies Record<ExceptionAction, string>;

/** The types of the events that are stored. `created` is derived from the exception itself. */
export type ExceptionEventType = (typeof EVENT_TYPES)[ExceptionAction];

export const EXCEPTION_EVENT_TYPES = ["created", ...Object.values(EVENT_TYPES)] as const;

/** An entry of the history. */
export type ExceptionEvent<Instant> = {
  readonly version: number;
  readonly type: ExceptionEventType;
  readonly actor: string;
  readonly at: Instant;
  readonly changes: readonly FieldChange[];
  readonly note?: string;
};

/** All fields of an exception after a command. */
type ExceptionFields<Instant> = CurrentException & {
  readonly resolvedAt: Instant | null;
  readonly updatedAt: Instant;
};

type ActionMeta<Instant> = {
  readonly actor: string;
  readonly at: Instant;
  /** The remark of a bulk action. */
  readonly remark?: string;
};

/**
 * The fields of an exception after `command`, and the event that records the change. Undefined if nothing changes. Pure.
 *
 * @throws DocketError `invalid_exception_transition` if the status does not allow the action; `history_limit_reached`.
 */
export function applyExceptionCommand<Instant>(
  exception: CurrentException,
  command: ExceptionCommand,
  { actor, at, remark }: ActionMeta<Instant>,
):
  | { readonly fields: ExceptionFields<Instant>; readonly event: ExceptionEvent<Instant> }
  | undefined {
  assertActionAllowed(exception.status, command.action);
  const after = { ...exception, ...EFFECTS[command.action](exception, command as never) };
  const changes = changesBetween(exception, after);
  if (changes.length === 0) return undefined;
  // Resolving is exempt, so that an exception can always end.
  if (command.action !== "resolve")
    assertHistoryFits("exception", exception.manualEvents, "It can still be resolved.");
  const version = exception.version + 1;
  const note = command.action === "reopen" ? command.reason : remark;
  return {
    fields: {
      ...after,
      version,
      manualEvents: exception.manualEvents + 1,
      manualFields: [...new Set([...exception.manualFields, ...manualFieldsOf(command)])],
      resolvedAt: after.status === "RESOLVED" ? at : null,
      updatedAt: at,
    },
    event: {
      version,
      type: EVENT_TYPES[command.action],
      actor,
      at,
      changes,
      ...(note !== undefined && { note }),
    },
  };
}

/** True if `command` resolves an exception that is already resolved in the same way: a bulk action then reports `unchanged`. */
export const isResolvedAlready = (
  { status, resolutionType, resolutionNotes }: Values,
  command: ExceptionCommand,
): boolean =>
  status === "RESOLVED" &&
  command.action === "resolve" &&
  command.resolutionType === resolutionType &&
  command.resolutionNotes === resolutionNotes;

function assertActionAllowed(status: ExceptionStatus, action: ExceptionAction): void {
  if (exceptionLifecycle.next(status, action).length > 0) return;
  throw new DocketError(
    "invalid_exception_transition",
    `The exception is ${status}. This status does not allow the action ${action}.`,
  );
}

type Command<Action> = Extract<ExceptionCommand, { readonly action: Action }>;

/** The values that each action sets. */
const EFFECTS: {
  readonly [Action in ExceptionAction]: (
    exception: Values,
    command: Command<Action>,
  ) => Partial<Values>;
} = {
  update: ({ status }, { action: _action, ...given }) => ({
    ...given,
    ...(given.assignedTo !== undefined && { status: statusWith(status, given.assignedTo) }),
  }),
  resolve: (_exception, { resolutionType, resolutionNotes }) => ({
    status: "RESOLVED",
    resolutionType,
    resolutionNotes,
  }),
  // The history keeps the resolution: it is among the changes of this event.
  reopen: ({ assignedTo }) => ({
    status: statusWith("OPEN", assignedTo),
    resolutionType: null,
    resolutionNotes: null,
  }),
};

/** OPEN and ASSIGNED follow from the assignee; PENDING_RESOLUTION stays. */
function statusWith(status: ExceptionStatus, assignedTo: string | null): ExceptionStatus {
  if (status !== "OPEN" && status !== "ASSIGNED") return status;
  return assignedTo === null ? "OPEN" : "ASSIGNED";
}

const MANUAL_FIELDS: readonly ManualField[] = ["assignedTo", "dueAt", "severity"];

const manualFieldsOf = (command: ExceptionCommand): readonly ManualField[] =>
  command.action === "update" ? MANUAL_FIELDS.filter((name) => name in command) : ["status"];

function changesBetween(before: Values, after: Values): readonly FieldChange[] {
  return EXCEPTION_HISTORY_FIELDS.flatMap((field) => {
    if (field === "reason" || field === "createdAt" || before[field] === after[field]) return [];
    const [from, to] = [before[field], after[field]];
    return [{ field, ...(from !== null && { from }), ...(to !== null && { to }) }];
  });
}
