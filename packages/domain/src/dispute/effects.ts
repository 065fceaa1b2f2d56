import { assertAtMost, unitsOf } from "../amount.ts";
import type {
  ActionMeta,
  CurrentDispute,
  DisputeChanges,
  DisputeCommand,
  Updatable,
} from "./command.ts";
import type { CloseDisputeRequest } from "./requests.ts";

type Effect<Instant> = {
  readonly fields: Omit<DisputeChanges<Instant>, "state" | "version" | "updatedAt">;
  readonly note?: string;
};

/**
 * What a command does to the fields of a dispute, besides its state. Undefined if an update changes nothing.
 *
 * @throws DocketError `invalid_field` if more was recovered than disputed.
 */
export function effectOf<Instant>(
  dispute: CurrentDispute,
  command: DisputeCommand,
  { actor, at }: ActionMeta<Instant>,
): Effect<Instant> | undefined {
  switch (command.action) {
    case "update":
      return effectOfUpdate(dispute, command);
    case "open":
      return { fields: { openedBy: actor, openedAt: at } };
    case "request-evidence":
    case "add-note":
      return { fields: {}, note: command.note };
    case "add-evidence":
      return { fields: {} };
    case "close": {
      const { resolution } = command;
      const recovered = command.won && { recoveredAmount: recoveredAmountOf(dispute, command) };
      return {
        fields: { resolution, ...recovered, closedBy: actor, closedAt: at },
        note: resolution,
      };
    }
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

function effectOfUpdate(
  dispute: CurrentDispute,
  { action: _action, ...given }: Extract<DisputeCommand, { readonly action: "update" }>,
): Effect<never> | undefined {
  const changed = Object.entries(given).filter(
    ([name, value]) => !isSame(name, value, dispute[name as keyof Updatable]),
  );
  if (changed.length === 0) return undefined;
  // The note is the only record of the overwritten values.
  const overwritten = changed
    .map(([name]) => [name, dispute[name as keyof Updatable]])
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} was: ${value}`);
  return {
    fields: Object.fromEntries(changed),
    ...(overwritten.length > 0 && { note: overwritten.join("\n") }),
  };
}

const isSame = (name: string, given: string | null, current: string | null): boolean =>
  name === "disputedAmount" && given !== null && current !== null
    ? unitsOf(given) === unitsOf(current)
    : given === current;

function recoveredAmountOf(
  { disputedAmount }: CurrentDispute,
  { recoveredAmount = disputedAmount }: CloseDisputeRequest,
): string {
  assertAtMost("recoveredAmount", recoveredAmount, disputedAmount);
  return recoveredAmount;
}
