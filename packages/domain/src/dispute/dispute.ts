import { DocketError } from "../errors.ts";
import { assertHistoryFits } from "../history.ts";
import type { ActionMeta, CurrentDispute, DisputeChanges, DisputeCommand } from "./command.ts";
import { effectOf } from "./effects.ts";
import { disputeLifecycle, type DisputeAction, type DisputeState } from "./lifecycle.ts";
import type { CreateDisputeRequest } from "./requests.ts";

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
  "update-details": "updated",
  open: "opened",
  "request-evidence": "evidence-requested",
  "add-evidence": "evidence-added",
  "add-note": "note-added",
  close: "closed",
  reopen: "reopened",
} as const satisfies Record<DisputeAction, string>;

export const DISPUTE_EVENT_TYPES: readonly DisputeEventType[] = [
  "created",
  ...new Set(Object.values(EVENT_TYPES)),
];

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
 * The changes that `command` makes to a dispute, and the event that records them. Undefined if an update changes nothing. Pure.
 *
 * @throws DocketError `invalid_dispute_transition` if the state does not allow the action; `invalid_field` for a recovered
 * amount above the disputed one; `history_limit_reached`.
 */
export function applyDisputeCommand<Instant>(
  dispute: CurrentDispute,
  command: DisputeCommand,
  meta: ActionMeta<Instant>,
):
  | { readonly changes: DisputeChanges<Instant>; readonly event: DisputeEvent<Instant> }
  | undefined {
  const action = actionOf(command);
  assertStateAllows(dispute.state, action);
  const effect = effectOf(dispute, command, meta);
  if (effect === undefined) return undefined;
  assertHistoryAllows(dispute.version, action);
  const from = dispute.state;
  const to = stateAfter(from, action, command);
  const version = dispute.version + 1;
  const { fields, note } = effect;
  return {
    changes: { state: to, version, updatedAt: meta.at, ...fields },
    event: {
      version,
      type: EVENT_TYPES[action],
      ...(from !== to && { from, to }),
      actor: meta.actor,
      at: meta.at,
      ...(note !== undefined && { note }),
      ...(command.action === "add-evidence" && { evidenceId: command.evidenceId }),
    },
  };
}

/** An update without the texts of a draft is allowed in more states. */
const actionOf = (command: DisputeCommand): DisputeAction =>
  command.action === "update" && command.category === undefined && command.description === undefined
    ? "update-details"
    : command.action;

/**
 * Checks that a dispute's state and history allow an action. It is safe against a concurrent change only while the row is locked.
 *
 * @throws DocketError `invalid_dispute_transition`, which names the state and the action; `history_limit_reached`.
 */
export function assertDisputeActionAllowed(
  { state, version }: Pick<CurrentDispute, "state" | "version">,
  action: DisputeAction,
): void {
  assertStateAllows(state, action);
  assertHistoryAllows(version, action);
}

function assertStateAllows(state: DisputeState, action: DisputeAction): void {
  if (disputeLifecycle.next(state, action).length > 0) return;
  throw new DocketError(
    "invalid_dispute_transition",
    `The dispute is ${state}. This state does not allow the action ${action}.`,
  );
}

const AT_HISTORY_LIMIT = "It can still be closed if it is open; otherwise create another dispute.";

/** Each version adds one event, so the version is their number. Closing is exempt, so that an open dispute can end. */
function assertHistoryAllows(version: number, action: DisputeAction): void {
  if (action !== "close") assertHistoryFits("dispute", version, AT_HISTORY_LIMIT);
}

function stateAfter(
  from: DisputeState,
  action: DisputeAction,
  command: DisputeCommand,
): DisputeState {
  const targets = disputeLifecycle.next(from, action);
  const wanted = command.action === "close" ? (command.won ? "WON" : "LOST") : targets[0];
  const to = targets.find((target) => target === wanted);
  if (to === undefined) throw new Error(`no transition for ${action} from ${from}`);
  return to;
}
