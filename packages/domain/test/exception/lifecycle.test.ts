import {
  applyExceptionCommand,
  DocketError,
  EXCEPTION_STATUSES,
  exceptionLifecycle,
  isResolvedAlready,
  type CurrentException,
  type ExceptionCommand,
  type ExceptionStatus,
} from "../../src/index.ts";

const RESOLUTION = { resolutionType: "REFUND", resolutionNotes: "The bank paid." };

const COMMANDS: Readonly<Record<string, ExceptionCommand>> = {
  assign: { action: "update", assignedTo: "bob" },
  unassign: { action: "update", assignedTo: null },
  "set a due date": { action: "update", dueAt: "2026-04-02T00:00:00.000Z" },
  resolve: { action: "resolve", ...RESOLUTION },
  reopen: { action: "reopen", reason: "The refund bounced." },
};

const meta = { actor: "alice", at: 7 };

const exceptionIn = (
  status: ExceptionStatus,
  changes: Partial<CurrentException> = {},
): CurrentException => ({
  status,
  version: 3,
  manualEvents: 1,
  manualFields: [],
  severity: "HIGH",
  assignedTo: status === "OPEN" ? null : "kim",
  dueAt: null,
  resolutionType: null,
  resolutionNotes: null,
  ...(status === "RESOLVED" && RESOLUTION),
  ...changes,
});

/** The status that a command leads to, or undefined if the status does not allow it. */
const targetOf = (
  exception: CurrentException,
  command: ExceptionCommand,
): ExceptionStatus | undefined => {
  try {
    const change = applyExceptionCommand(exception, command, meta);
    return change === undefined ? exception.status : change.fields.status;
  } catch (error) {
    if (error instanceof DocketError && error.code === "invalid_exception_transition")
      return undefined;
    throw error;
  }
};

/** The rules of docs/api.md §8, written out by hand. Every other combination is a 409. */
const TRANSITIONS: Readonly<Record<string, ExceptionStatus>> = {
  "OPEN assign": "ASSIGNED",
  "OPEN unassign": "OPEN",
  "OPEN set a due date": "OPEN",
  "OPEN resolve": "RESOLVED",
  "ASSIGNED assign": "ASSIGNED",
  "ASSIGNED unassign": "OPEN",
  "ASSIGNED set a due date": "ASSIGNED",
  "ASSIGNED resolve": "RESOLVED",
  "PENDING_RESOLUTION assign": "PENDING_RESOLUTION",
  "PENDING_RESOLUTION unassign": "PENDING_RESOLUTION",
  "PENDING_RESOLUTION set a due date": "PENDING_RESOLUTION",
  "PENDING_RESOLUTION resolve": "RESOLVED",
  // It has an assignee.
  "RESOLVED reopen": "ASSIGNED",
};

describe("the lifecycle of an exception", () => {
  it.each(
    EXCEPTION_STATUSES.flatMap((status) =>
      Object.keys(COMMANDS).map((name) => [status, name] as const),
    ),
  )("in %s: %s", (status, name) => {
    expect(targetOf(exceptionIn(status), COMMANDS[name]!)).toBe(TRANSITIONS[`${status} ${name}`]);
  });

  it("names the status and the action that it does not allow", () => {
    const update = () => applyExceptionCommand(exceptionIn("RESOLVED"), COMMANDS["assign"]!, meta);
    expect(update).toThrow(
      "The exception is RESOLVED. This status does not allow the action update.",
    );
  });

  it("leads only to statuses that the table lists, and to all of them", () => {
    for (const status of EXCEPTION_STATUSES)
      for (const action of ["update", "resolve", "reopen"] as const) {
        const commands = Object.values(COMMANDS).filter((each) => each.action === action);
        const exceptions = [null, "kim"].map((assignedTo) => exceptionIn(status, { assignedTo }));
        const targets = exceptions.flatMap((exception) =>
          commands.map((command) => targetOf(exception, command)),
        );
        const reached = new Set(targets.filter((target) => target !== undefined));
        expect([...reached].toSorted()).toEqual(exceptionLifecycle.next(status, action).toSorted());
      }
  });
});

describe("a command on an exception", () => {
  it("raises the version and records who changed what", () => {
    const command = { ...COMMANDS["assign"]!, severity: "LOW" } as ExceptionCommand;
    const exception = exceptionIn("OPEN", { manualFields: ["severity"] });
    expect(applyExceptionCommand(exception, command, { ...meta, remark: "triage" })).toEqual({
      fields: {
        ...exception,
        status: "ASSIGNED",
        severity: "LOW",
        assignedTo: "bob",
        version: 4,
        manualEvents: 2,
        manualFields: ["severity", "assignedTo"],
        resolvedAt: null,
        updatedAt: 7,
      },
      event: {
        version: 4,
        type: "updated",
        actor: "alice",
        at: 7,
        changes: [
          { field: "severity", from: "HIGH", to: "LOW" },
          { field: "status", from: "OPEN", to: "ASSIGNED" },
          { field: "assignedTo", to: "bob" },
        ],
        note: "triage",
      },
    });
  });

  it("that changes nothing makes neither a version nor an event", () => {
    const exception = exceptionIn("ASSIGNED", { manualEvents: 1_000 });
    const command = { action: "update", assignedTo: "kim", severity: "HIGH", dueAt: null } as const;
    expect(applyExceptionCommand(exception, command, meta)).toBeUndefined();
  });

  it("clears the resolution when it reopens the exception, and keeps it in the history", () => {
    const exception = exceptionIn("RESOLVED", { assignedTo: null });
    expect(applyExceptionCommand(exception, COMMANDS["reopen"]!, meta)).toMatchObject({
      fields: { status: "OPEN", resolutionType: null, resolutionNotes: null, resolvedAt: null },
      event: {
        type: "reopened",
        note: "The refund bounced.",
        changes: [
          { field: "status", from: "RESOLVED", to: "OPEN" },
          { field: "resolutionType", from: "REFUND" },
          { field: "resolutionNotes", from: "The bank paid." },
        ],
      },
    });
  });

  it("is refused after 1,000 events of people, except resolving", () => {
    const exception = exceptionIn("OPEN", { manualEvents: 1_000 });
    expect(() => applyExceptionCommand(exception, COMMANDS["assign"]!, meta)).toThrow(
      "The exception has 1000 history events and takes no further changes. It can still be resolved.",
    );
    expect(targetOf(exception, COMMANDS["resolve"]!)).toBe("RESOLVED");
  });

  it("knows a resolution that an exception already has", () => {
    const again = COMMANDS["resolve"]!;
    expect(isResolvedAlready(exceptionIn("RESOLVED"), again)).toBe(true);
    expect(isResolvedAlready(exceptionIn("OPEN", RESOLUTION), again)).toBe(false);
    const other = { ...again, resolutionNotes: "It was a fee." } as ExceptionCommand;
    expect(isResolvedAlready(exceptionIn("RESOLVED"), other)).toBe(false);
  });
});
