import { DocketError } from "../errors.ts";
import { disputeLifecycle, type DisputeAction, type DisputeState } from "./lifecycle.ts";
import type { CreateDisputeRequest, DisputeCategory } from "./requests.ts";

/** An action with what it brings along. */
export type DisputeStep =
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

/** Who acts, and when. The instant is the caller's kind of time: the domain has no clock. */
export type Deed<Instant> = { readonly actor: string; readonly at: Instant };

/** What an action looks at. */
export type DisputeFacts = {
  readonly state: DisputeState;
  readonly version: number;
  readonly category: string;
  readonly description: string;
};

/** What happened, for the history; `from` and `to` are there when the state changed. */
export type DisputeHappening<Instant> = {
  readonly version: number;
  readonly type: DisputeEventType;
  readonly from?: DisputeState;
  readonly to?: DisputeState;
  readonly actor: string;
  readonly at: Instant;
  readonly note?: string;
  readonly evidenceId?: string;
};

/** The history's words. */
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

/** All that can happen to a dispute. */
export const DISPUTE_ACTIONS = Object.keys(EVENT_TYPES) as readonly DisputeAction[];

/** The fields that an action sets; a field that is not there stays as it is. */
export type DisputeChanges<Instant> = {
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

/** A new dispute's first state and the event that its history begins with. */
export function begin<Instant>(
  { draft = false }: Pick<CreateDisputeRequest, "draft">,
  { actor, at }: Deed<Instant>,
): {
  readonly state: DisputeState;
  readonly openedAt?: Instant;
  readonly event: DisputeHappening<Instant>;
} {
  const state = draft ? "DRAFT" : "OPEN";
  const event = { version: 1, type: "created", to: state, actor, at } as const;
  return { state, ...(!draft && { openedAt: at }), event };
}

/**
 * What `step` does to a dispute: the fields that change and the event that tells of it. Pure.
 *
 * @throws DocketError `invalid_dispute_transition` when the state does not allow the action.
 */
export function act<Instant>(
  dispute: DisputeFacts,
  step: DisputeStep,
  { actor, at }: Deed<Instant>,
): { readonly changes: DisputeChanges<Instant>; readonly event: DisputeHappening<Instant> } {
  requireAllowed(dispute.state, step.action);
  const from = dispute.state;
  const to = stateAfter(from, step);
  const version = dispute.version + 1;
  const { fields, note } = effectOf(dispute, step, { actor, at });
  return {
    changes: { state: to, version, updatedAt: at, ...fields },
    event: {
      version,
      type: EVENT_TYPES[step.action],
      ...(from !== to && { from, to }),
      actor,
      at,
      ...(note !== undefined && { note }),
      ...(step.action === "add-evidence" && { evidenceId: step.evidenceId }),
    },
  };
}

/** @throws DocketError `invalid_dispute_transition`, which names the state and the action. */
export function requireAllowed(state: DisputeState, action: DisputeAction): void {
  if (disputeLifecycle.next(state, action).length > 0) return;
  throw new DocketError(
    "invalid_dispute_transition",
    `The dispute is ${state}, which does not allow the action ${action}.`,
  );
}

/** The table says where an action may lead; only a close has a choice. */
function stateAfter(from: DisputeState, step: DisputeStep): DisputeState {
  const choices = disputeLifecycle.next(from, step.action);
  const wanted = step.action === "close" ? (step.won ? "WON" : "LOST") : choices[0];
  const to = choices.find((each) => each === wanted);
  if (to === undefined) throw new Error(`the table has no way for ${step.action} from ${from}`);
  return to;
}

type Effect<Instant> = {
  readonly fields: Omit<DisputeChanges<Instant>, "state" | "version" | "updatedAt">;
  readonly note?: string;
};

function effectOf<Instant>(
  dispute: DisputeFacts,
  step: DisputeStep,
  { actor, at }: Deed<Instant>,
): Effect<Instant> {
  switch (step.action) {
    case "update": {
      const { action: _action, ...fields } = step;
      // What an update overwrites is kept nowhere else.
      const was = (["category", "description"] as const)
        .filter((name) => fields[name] !== undefined && fields[name] !== dispute[name])
        .map((name) => `${name} was: ${dispute[name]}`);
      return { fields, ...(was.length > 0 && { note: was.join("\n") }) };
    }
    case "open":
      return { fields: { openedBy: actor, openedAt: at } };
    case "request-evidence":
      return { fields: {}, note: step.note };
    case "add-evidence":
      return { fields: {} };
    case "close":
      return {
        fields: { resolution: step.resolution, closedBy: actor, closedAt: at },
        note: step.resolution,
      };
    case "reopen":
      break;
  }
  // The resolution goes from the dispute; the event of the close keeps it.
  return {
    fields: { resolution: null, closedBy: null, closedAt: null, reopenReason: step.reason },
    note: step.reason,
  };
}
