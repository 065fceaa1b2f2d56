import {
  act,
  begin,
  disputeLifecycle,
  DISPUTE_STATES,
  DocketError,
  requireAllowed,
  type DisputeAction,
  type DisputeState,
  type DisputeStep,
} from "../../src/index.ts";

const STEPS: readonly DisputeStep[] = [
  { action: "update", description: "other words" },
  { action: "open" },
  { action: "request-evidence", note: "the statement, please" },
  { action: "add-evidence", evidenceId: "e1" },
  { action: "close", won: true, resolution: "paid back" },
  { action: "close", won: false, resolution: "it was right" },
  { action: "reopen", reason: "new facts" },
];

const by = { actor: "alice", at: 7 };
const at = (state: DisputeState) => ({
  state,
  version: 3,
  category: "OTHER",
  description: "words",
});
const label = (step: DisputeStep): string =>
  step.action === "close" ? `close (${step.won ? "won" : "lost"})` : step.action;

/** The state that a step leads to, or undefined when it is refused. */
const outcome = (state: DisputeState, step: DisputeStep): DisputeState | undefined => {
  try {
    return act(at(state), step, by).changes.state;
  } catch (error) {
    if (error instanceof DocketError && error.code === "invalid_dispute_transition")
      return undefined;
    throw error;
  }
};

/** Contract §4, by hand: what is not here is a 409. */
const CONTRACT: Readonly<Record<string, DisputeState>> = {
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
};

describe("the lifecycle of a dispute", () => {
  it("gives the contract's result for every state and every action", () => {
    const cells = DISPUTE_STATES.flatMap((state) => STEPS.map((step) => ({ state, step })));
    const width = 18;
    const row = (texts: readonly string[]): string =>
      texts
        .map((each) => each.padEnd(width))
        .join("")
        .trimEnd();
    process.stdout.write(
      `${[
        row(["", ...STEPS.map(label)]),
        ...DISPUTE_STATES.map((state) =>
          row([state, ...STEPS.map((step) => outcome(state, step) ?? "409")]),
        ),
      ].join("\n")}\n`,
    );
    expect(
      Object.fromEntries(
        cells
          .map(({ state, step }) => [`${state} ${label(step)}`, outcome(state, step)] as const)
          .filter(([, to]) => to !== undefined),
      ),
    ).toEqual(CONTRACT);
  });

  it("names the state and the action when it refuses", () => {
    expect(() => requireAllowed("WON", "reopen")).toThrow(
      "The dispute is WON, which does not allow the action reopen.",
    );
  });

  it("reaches every state from what a new dispute can be", () => {
    const reached = new Set<DisputeState>([begin({}, by).state, begin({ draft: true }, by).state]);
    for (const from of reached)
      for (const step of STEPS) {
        const to = outcome(from, step);
        if (to !== undefined) reached.add(to);
      }
    expect([...reached].toSorted()).toEqual(DISPUTE_STATES.toSorted());
  });

  it("has no way out of WON, and one out of every other state", () => {
    expect(DISPUTE_STATES.filter(disputeLifecycle.isFinal)).toEqual(["WON"]);
  });

  it("allows exactly what it does not refuse", () => {
    for (const state of DISPUTE_STATES) {
      const possible = new Set<DisputeAction>(
        STEPS.filter((step) => outcome(state, step) !== undefined).map(({ action }) => action),
      );
      expect(disputeLifecycle.allowed(state)).toEqual([...possible]);
    }
  });
});

describe("an action", () => {
  it("raises the version and says what happened", () => {
    expect(
      act(at("OPEN"), { action: "close", won: false, resolution: "it was right" }, by),
    ).toEqual({
      changes: {
        state: "LOST",
        version: 4,
        updatedAt: 7,
        resolution: "it was right",
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
        note: "it was right",
      },
    });
  });

  it("leaves from and to away when the state stays", () => {
    const { event } = act(at("OPEN"), { action: "add-evidence", evidenceId: "e1" }, by);
    expect(event).toEqual({
      version: 4,
      type: "evidence-added",
      actor: "alice",
      at: 7,
      evidenceId: "e1",
    });
  });

  it("clears the resolution when it reopens", () => {
    expect(act(at("LOST"), { action: "reopen", reason: "new facts" }, by)).toMatchObject({
      changes: {
        state: "OPEN",
        resolution: null,
        closedBy: null,
        closedAt: null,
        reopenReason: "new facts",
      },
      event: { type: "reopened", note: "new facts" },
    });
  });

  it("keeps in the history what an update overwrites, and only that", () => {
    const update = { action: "update", category: "OTHER", description: "new" } as const;
    expect(act(at("DRAFT"), update, by)).toMatchObject({
      changes: { category: "OTHER", description: "new" },
      event: { type: "updated", note: "description was: words" },
    });
    const same = act(at("DRAFT"), { action: "update", category: "OTHER" }, by);
    expect(same.event).not.toHaveProperty("note");
  });
});
