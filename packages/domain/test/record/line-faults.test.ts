import { createLineFaults, DocketError, MAX_LINE_FAULTS } from "../../src/index.ts";

function errorOf(faults: ReturnType<typeof createLineFaults>): DocketError {
  try {
    faults.throwIfAny();
  } catch (error) {
    if (error instanceof DocketError) return error;
  }
  throw new Error("no error was thrown");
}

describe("the faults of a records body", () => {
  it("throw nothing if there are none", () => {
    expect(() => createLineFaults().throwIfAny()).not.toThrow();
  });

  it("are listed in the order of their lines", () => {
    const faults = createLineFaults();
    faults.add(7, "amount", "is bad");
    faults.add(2, "", "the line is worse");
    const error = errorOf(faults);
    expect(error.code).toBe("invalid_records");
    expect(error.message).toBe(
      "Nothing was written. Line 2: the line is worse. 2 faults are listed.",
    );
    expect(error.lines?.map(({ line }) => line)).toEqual([2, 7]);
  });

  it("are the first hundred by line, in whatever order they are added", () => {
    const faults = createLineFaults();
    for (let line = 1_000; line >= 1; line -= 1) faults.add(line, "amount", "is bad");
    const error = errorOf(faults);
    expect(error.lines).toHaveLength(MAX_LINE_FAULTS);
    expect(error.lines?.at(-1)?.line).toBe(MAX_LINE_FAULTS);
    expect(faults.isFull()).toBe(true);
  });
});
