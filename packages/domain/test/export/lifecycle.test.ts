import {
  exportLifecycle,
  exportTransition,
  UNFINISHED_EXPORT_STATUSES,
  type ExportAction,
  type ExportStatus,
} from "../../src/index.ts";

/** docs/api.md §2, "States" and "Retries", written out by hand. */
const TRANSITIONS: Readonly<Record<ExportAction, string>> = {
  claim: "QUEUED|RUNNING -> RUNNING, lease-expired",
  renew: "RUNNING -> RUNNING, holder",
  succeed: "RUNNING -> SUCCEEDED, holder",
  retry: "RUNNING -> QUEUED, holder",
  "hand-back": "RUNNING -> QUEUED, holder",
  requeue: "RUNNING -> QUEUED, lease-expired",
  fail: "RUNNING -> FAILED, holder",
  "give-up": "QUEUED|RUNNING -> FAILED, lease-expired",
  cancel: "QUEUED|RUNNING -> CANCELED, none",
  expire: "SUCCEEDED -> EXPIRED, none",
};

describe("the lifecycle of an export job", () => {
  it.each(Object.entries(TRANSITIONS))("allows %s: %s", (action, expected) => {
    const { from, to, guard } = exportTransition(action as ExportAction);
    expect(`${from.join("|")} -> ${to}, ${guard}`).toBe(expected);
  });

  it("has no action that these tests do not know", () => {
    const actions = exportLifecycle.states.flatMap((state) => exportLifecycle.allowed(state));
    expect([...new Set(actions)].toSorted()).toEqual(Object.keys(TRANSITIONS).toSorted());
  });

  it("reaches every state from QUEUED", () => {
    const reached = new Set<ExportStatus>(["QUEUED"]);
    for (const from of reached)
      for (const action of exportLifecycle.allowed(from))
        for (const to of exportLifecycle.next(from, action)) reached.add(to);
    expect([...reached].toSorted()).toEqual(exportLifecycle.states.toSorted());
  });

  it("ends in FAILED, CANCELED or EXPIRED", () => {
    expect(exportLifecycle.states.filter(exportLifecycle.isFinal)).toEqual([
      "FAILED",
      "CANCELED",
      "EXPIRED",
    ]);
  });

  it("leaves a job unfinished until it succeeds, fails or is canceled", () => {
    expect(UNFINISHED_EXPORT_STATUSES).toEqual(["QUEUED", "RUNNING"]);
  });
});
