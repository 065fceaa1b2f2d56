import {
  allowedDisputeActions,
  applyDisputeCommand,
  assertDisputeActionAllowed,
  DISPUTE_ACTIONS,
  DISPUTE_STATES,
  disputeLifecycle,
  DocketError,
  startDispute,
  type DisputeCommand,
  type DisputeState,
} from "../../src/index.ts";

const COMMANDS: readonly DisputeCommand[] = [
  { action: "update", description: "a new description" },
  { action: "update", assignedTo: "kim" },
  { action: "open" },
  { action: "request-evidence", note: "Please send the statement." },
  { action: "add-evidence", evidenceId: "e1" },
  { action: "add-note", note: "They called." },
  { action: "close", won: true, resolution: "The bank paid." },
  { action: "close", won: false, resolution: "The fee was correct." },
  { action: "reopen", reason: "There is a new statement." },
];

const meta = { actor: "alice", at: 7 };
const disputeIn = (state: DisputeState) => ({
  state,
  version: 3,
  category: "OTHER",
  description: "the description",
  disputedAmount: "12.3",
  respondBy: null,
  assignedTo: null,
  reference: null,
});
const label = (command: DisputeCommand): string => {
  if (command.action === "close") return `close (${command.won ? "won" : "lost"})`;
  return command.action === "update" && "assignedTo" in command ? "assign" : command.action;
};

/** The state that a command leads to, or undefined if the state does not allow it. */
const targetOf = (state: DisputeState, command: DisputeCommand): DisputeState | undefined => {
  try {
    return applyDisputeCommand(disputeIn(state), command, meta)!.changes.state;
  } catch (error) {
    if (error instanceof DocketError && error.code === "invalid_dispute_transition")
      return undefined;
    throw error;
  }
};

/** The tables of docs/api.md §4 and §8, written out by hand. Every other combination is a 409. */
const TRANSITIONS: Readonly<Record<string, DisputeState>> = {
  "DRAFT update": "DRAFT",
  "DRAFT open": "OPEN",
  "OPEN request-evidence": "PENDING_EVIDENCE",
  "OPEN add-evidence": "OPEN",
  "PENDING_EVIDENCE add-evidence": "OPEN",
  "OPEN close (won)": "WON",
  "OPEN close (lost)": "LOST",
  "PENDING_EVIDENCE close (won)": "WON",
  "PENDING_EVIDENCE close (lost)": "LOST",
  "LOST reopen": "OPEN",
  "DRAFT assign": "DRAFT",
  "OPEN assign": "OPEN",
  "PENDING_EVIDENCE assign": "PENDING_EVIDENCE",
  ...Object.fromEntries(DISPUTE_STATES.map((state) => [`${state} add-note`, state])),
};

describe("the lifecycle of a dispute", () => {
  it.each(
    DISPUTE_STATES.flatMap((state) => COMMANDS.map((command) => [state, label(command), command])),
  )("in %s: %s", (state, name, command) => {
    expect(targetOf(state as DisputeState, command as DisputeCommand)).toBe(
      TRANSITIONS[`${state as string} ${name as string}`],
    );
  });

  it("names the state and the action that it does not allow", () => {
    expect(() => assertDisputeActionAllowed({ state: "WON", version: 3 }, "reopen")).toThrow(
      "The dispute is WON. This state does not allow the action reopen.",
    );
  });

  it("reaches every state from the initial ones", () => {
    const reached = new Set<DisputeState>([
      startDispute({}, meta).state,
      startDispute({ draft: true }, meta).state,
    ]);
    for (const from of reached)
      for (const command of COMMANDS) {
        const to = targetOf(from, command);
        if (to !== undefined) reached.add(to);
      }
    expect([...reached].toSorted()).toEqual(DISPUTE_STATES.toSorted());
  });

  it("ends in WON only", () => {
    expect(DISPUTE_STATES.filter(disputeLifecycle.isFinal)).toEqual(["WON"]);
  });

  it("lists as allowed exactly the actions that succeed", () => {
    for (const state of DISPUTE_STATES) {
      const possible = COMMANDS.filter((command) => targetOf(state, command) !== undefined);
      const actions = possible.map(label).map((name) => name.split(" ")[0]!);
      expect(allowedDisputeActions(state)).toEqual(
        DISPUTE_ACTIONS.filter((action) => actions.includes(action)),
      );
    }
  });
});

describe("a new dispute", () => {
  it("is OPEN, or DRAFT on request, and its history starts with that state", () => {
    const created = { version: 1, type: "created", actor: "alice", at: 7 };
    expect(startDispute({}, meta)).toEqual({
      state: "OPEN",
      openedAt: 7,
      event: { ...created, to: "OPEN" },
    });
    expect(startDispute({ draft: true }, meta)).toEqual({
      state: "DRAFT",
      event: { ...created, to: "DRAFT" },
    });
  });
});

describe("a command on a dispute", () => {
  it("raises the version and records an event", () => {
    const command = { action: "close", won: false, resolution: "The fee was correct." } as const;
    expect(applyDisputeCommand(disputeIn("OPEN"), command, meta)).toEqual({
      changes: {
        state: "LOST",
        version: 4,
        updatedAt: 7,
        resolution: "The fee was correct.",
        closedBy: "alice",
        closedAt: 7,
      },
      event: {
        version: 4,
        type: "closed",
        from: "OPEN",
        to: "LOST",
        actor: "alice",
        at: 7,
        note: "The fee was correct.",
      },
    });
  });

  it("omits from and to if the state stays the same", () => {
    const command = { action: "add-evidence", evidenceId: "e1" } as const;
    expect(applyDisputeCommand(disputeIn("OPEN"), command, meta)?.event).toEqual({
      version: 4,
      type: "evidence-added",
      actor: "alice",
      at: 7,
      evidenceId: "e1",
    });
  });

  it("clears the resolution when it reopens the dispute", () => {
    const command = { action: "reopen", reason: "There is a new statement." } as const;
    expect(applyDisputeCommand(disputeIn("LOST"), command, meta)).toMatchObject({
      changes: {
        state: "OPEN",
        resolution: null,
        closedBy: null,
        closedAt: null,
        reopenReason: "There is a new statement.",
      },
      event: { type: "reopened", note: "There is a new statement." },
    });
  });

  it("keeps only the overwritten values of an update in the history", () => {
    const draft = disputeIn("DRAFT");
    const command = {
      action: "update",
      category: "OTHER",
      description: "new",
      disputedAmount: "10",
      reference: "C-1",
    } as const;
    expect(applyDisputeCommand(draft, command, meta)).toMatchObject({
      changes: { description: "new", disputedAmount: "10", reference: "C-1" },
      event: {
        type: "updated",
        note: "description was: the description\ndisputedAmount was: 12.3",
      },
    });
    const assign = applyDisputeCommand(draft, { action: "update", assignedTo: "kim" }, meta);
    expect(assign?.event).not.toHaveProperty("note");
  });

  it("makes neither a version nor an event when an update changes nothing", () => {
    const command = { action: "update", disputedAmount: "12.30", reference: null } as const;
    expect(applyDisputeCommand(disputeIn("OPEN"), command, meta)).toBeUndefined();
  });

  it("recovers all of the disputed amount unless told otherwise, and never more", () => {
    const win = (recoveredAmount?: string) => {
      const command = { action: "close", won: true, resolution: "r" } as const;
      const given = recoveredAmount === undefined ? command : { ...command, recoveredAmount };
      return applyDisputeCommand(disputeIn("OPEN"), given, meta)?.changes.recoveredAmount;
    };
    expect([win(), win("5"), win("12.30")]).toEqual(["12.3", "5", "12.30"]);
    expect(() => win("12.30000001")).toThrow("recoveredAmount must be at most 12.3.");
    const lost = { action: "close", won: false, resolution: "r" } as const;
    expect(applyDisputeCommand(disputeIn("OPEN"), lost, meta)?.changes).not.toHaveProperty(
      "recoveredAmount",
    );
  });
});
