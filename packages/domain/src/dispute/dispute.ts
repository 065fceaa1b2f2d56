import { DocketError } from "../errors.ts";
import { assertHistoryFits } from "../history.ts";
import { disputeLifecycle, type DisputeAction, type DisputeState } from "./lifecycle.ts";
import type { CreateDisputeRequest, DisputeCategory } from "./requests.ts";

/** An action on a dispute, with its input. */
export type DisputeCommand =
  | {
      readonly action: "update";
      readonly category?: DisputeCategory;
      readonly description?: string;
    }
  | { readonly action: "open" }
  | { readonly action: "request-evidence"; readonly note: string }
  | { readonly action: "add-evidence"; readonly evidenceId: string }
  | { readonly action: "close"; readonly won: boolean; readonly resolution: string }
  | { readonly action: "reopen"; readonly reason: string };

/** Who acts, and when. The domain has no clock, so callers choose the type of an instant. */
type ActionMeta<Instant> = { readonly actor: string; readonly at: Instant };

/** The fields of a dispute that decide what a command does. */
type CurrentDispute = {
  readonly state: DisputeState;
  readonly version: number;
  readonly category: string;
  readonly description: string;
};

/** An entry of the history. `from` and `to` are set only if the state changed; a new dispute has only `to`. */
export type DisputeEvent<Instant> = {
  readonly version: number;
  readonly type: DisputeEventType;
  readonly from?: DisputeState;
  readonly to?: DisputeState;
  readonly actor: string;
  readonly at: Instant;
  readonly note?: string;
  readonly evidenceId?: string;
};

export type DisputeEventType = "created" | (typeof EVENT_TYPES)[DisputeAction];

const EVENT_TYPES = {
  update: "updated",
  open: "opened",
  "request-evidence": "evidence-requested",
  "add-evidence": "evidence-added",
  close: "closed",
  reopen: "reopened",
} as const satisfies Record<DisputeAction, string>;

export const DISPUTE_EVENT_TYPES: readonly DisputeEventType[] = [
  "created",
  ...Object.values(EVENT_TYPES),
];

export const DISPUTE_ACTIONS = Object.keys(EVENT_TYPES) as readonly DisputeAction[];

/** The fields that a command sets. Absent fields keep their values. */
type DisputeChanges<Instant> = {
  readonly state: DisputeState;
  readonly version: number;
  readonly updatedAt: Instant;
  readonly category?: DisputeCategory;
  readonly description?: string;
  readonly openedBy?: string;
  readonly openedAt?: Instant;
  readonly resolution?: string | null;
  readonly closedBy?: string | null;
  readonly closedAt?: Instant | null;
  readonly reopenReason?: string;
};

/** The initial state of a new dispute, and the first event of its history. */
export function startDispute<Instant>(
  { draft = false }: Pick<CreateDisputeRequest, "draft">,
  { actor, at }: ActionMeta<Instant>,
): {
  readonly state: DisputeState;
  readonly openedAt?: Instant;
  readonly event: DisputeEvent<Instant>;
} {
  const state = draft ? "DRAFT" : "OPEN";
  const event = { version: 1, type: "created", to: state, actor, at } as const;
  return { state, ...(!draft && { openedAt: at }), event };
}

/**
 * The changes that `command` makes to a dispute, and the event that records them. Pure.
 *
 * @throws DocketError `invalid_dispute_transition` if the state does not allow the action; `history_limit_reached`.
 */
export function applyDisputeCommand<Instant>(
  dispute: CurrentDispute,
  command: DisputeCommand,
  meta: ActionMeta<Instant>,
): { readonly changes: DisputeChanges<Instant>; readonly event: DisputeEvent<Instant> } {
  assertDisputeActionAllowed(dispute, command.action);
  const from = dispute.state;
  const to = stateAfter(from, command);
  const version = dispute.version + 1;
  const { fields, note } = effectOf(dispute, command, meta);
  return {
    changes: { state: to, version, updatedAt: meta.at, ...fields },
    event: {
      version,
      type: EVENT_TYPES[command.action],
      ...(from !== to && { from, to }),
      actor: meta.actor,
      at: meta.at,
      ...(note !== undefined && { note }),
      ...(command.action === "add-evidence" && { evidenceId: command.evidenceId }),
    },
  };
}

const AT_HISTORY_LIMIT = "It can still be closed if it is open; otherwise create another dispute.";

/**
 * Checks that a dispute's state and history allow an action. It is safe against a concurrent change only while the row is locked.
 *
 * @throws DocketError `invalid_dispute_transition`, which names the state and the action; `history_limit_reached`.
 */
export function assertDisputeActionAllowed(
  { state, version }: Pick<CurrentDispute, "state" | "version">,
  action: DisputeAction,
): void {
  if (disputeLifecycle.next(state, action).length === 0)
    throw new DocketError(
      "invalid_dispute_transition",
      `The dispute is ${state}. This state does not allow the action ${action}.`,
    );
  // Each version adds one event, so the version is their number. Closing is exempt, so that an open dispute can end.
  if (action !== "close") assertHistoryFits("dispute", version, AT_HISTORY_LIMIT);
}

function stateAfter(from: DisputeState, command: DisputeCommand): DisputeState {
  const targets = disputeLifecycle.next(from, command.action);
  const wanted = command.action === "close" ? (command.won ? "WON" : "LOST") : targets[0];
  const to = targets.find((target) => target === wanted);
  if (to === undefined) throw new Error(`no transition for ${command.action} from ${from}`);
  return to;
}

type Effect<Instant> = {
  readonly fields: Omit<DisputeChanges<Instant>, "state" | "version" | "updatedAt">;
  readonly note?: string;
};

function effectOf<Instant>(
  dispute: CurrentDispute,
  command: DisputeCommand,
  { actor, at }: ActionMeta<Instant>,
): Effect<Instant> {
  switch (command.action) {
    case "update": {
      const { action: _action, ...fields } = command;
      // The note is the only record of the overwritten texts.
      const overwritten = (["category", "description"] as const)
        .filter((name) => fields[name] !== undefined && fields[name] !== dispute[name])
        .map((name) => `${name} was: ${dispute[name]}`);
      return { fields, ...(overwritten.length > 0 && { note: overwritten.join("\n") }) };
    }
    case "open":
      return { fields: { openedBy: actor, openedAt: at } };
    case "request-evidence":
      return { fields: {}, note: command.note };
    case "add-evidence":
      return { fields: {} };
    case "close":
      return {
        fields: { resolution: command.resolution, closedBy: actor, closedAt: at },
        note: command.resolution,
      };
    case "reopen":
    default:
      // The resolution stays in the history, in the event of the close.
      return {
        fields: {
          resolution: null,
          closedBy: null,
          closedAt: null,
          reopenReason: command.reason,
        },
        note: command.reason,
      };
  }
}
