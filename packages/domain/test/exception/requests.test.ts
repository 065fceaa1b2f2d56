import { type DocketError, updateExceptionRequest, validate } from "../../src/index.ts";

const codeOf = (body: object): string | undefined => {
  try {
    validate(updateExceptionRequest, body);
    return undefined;
  } catch (error) {
    return (error as DocketError).code;
  }
};

describe("a change of an exception", () => {
  it("trims texts, clears with null, and writes instants in UTC with milliseconds", () => {
    expect(
      validate(updateExceptionRequest, {
        assignedTo: ` ${"b".repeat(200)} `,
        dueAt: "2026-03-01t01:30:00.1239+02:00",
        severity: "low",
      }),
    ).toEqual({
      assignedTo: "b".repeat(200),
      dueAt: "2026-02-28T23:30:00.123Z",
      severity: "LOW",
    });
    const cleared = { assignedTo: null, dueAt: null };
    expect(validate(updateExceptionRequest, cleared)).toEqual(cleared);
    const farthest = { dueAt: "0001-01-01T00:00:00Z" };
    expect(validate(updateExceptionRequest, farthest).dueAt).toBe("0001-01-01T00:00:00.000Z");
  });

  it("replaces unpaired surrogates, which have no UTF-8 encoding", () => {
    const { assignedTo } = validate(updateExceptionRequest, { assignedTo: "a\ud800b😀" });
    expect(assignedTo).toBe("a\ufffdb😀");
  });

  it.each<[object, string]>([
    [{}, "bad_request"],
    [{ status: "RESOLVED" }, "bad_request"],
    [{ severity: null }, "invalid_field"],
    [{ severity: "URGENT" }, "bad_request"],
    [{ severity: 3 }, "invalid_field"],
    [{ assignedTo: " " }, "bad_request"],
    [{ assignedTo: "b".repeat(201) }, "invalid_field"],
    [{ assignedTo: 7 }, "invalid_field"],
    [{ dueAt: "2026-02-30T00:00:00Z" }, "invalid_field"],
    [{ dueAt: "2026-02-03" }, "invalid_field"],
    [{ dueAt: "2026-02-03T00:00:00" }, "invalid_field"],
    [{ dueAt: "tomorrow" }, "invalid_field"],
    [{ dueAt: 1_700_000_000 }, "invalid_field"],
  ])("is refused when it is %j: %s", (body, code) => {
    expect(codeOf(body)).toBe(code);
  });
});
