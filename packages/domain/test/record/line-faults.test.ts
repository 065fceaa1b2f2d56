import { createLineFaults, DocketError, MAX_LINE_FAULTS } from "../../src/index.ts";

function refusalOf(faults: ReturnType<typeof createLineFaults>): DocketError {
  try {
    faults.refuse();
  } catch (error) {
    if (error instanceof DocketError) return error;
  }
  throw new Error("nothing was refused");
}

describe("the faults of a body", () => {
  it("refuse nothing while there are none", () => {
    expect(() => createLineFaults().refuse()).not.toThrow();
  });

  it("are told in the order of their lines", () => {
    const faults = createLineFaults();
    faults.add(7, "amount", "is bad");
    faults.add(2, "", "the line is worse");
    const error = refusalOf(faults);
    expect(error.code).toBe("invalid_records");
    expect(error.message).toBe(
      "Nothing was written. Line 2: the line is worse. 2 faults are listed.",
    );
    expect(error.lines?.map(({ line }) => line)).toEqual([2, 7]);
  });

  it("are the first hundred, whatever comes and in whatever order", () => {
    const faults = createLineFaults();
    for (let line = 1_000; line >= 1; line -= 1) faults.add(line, "amount", "is bad");
    const error = refusalOf(faults);
    expect(error.lines).toHaveLength(MAX_LINE_FAULTS);
    expect(error.lines?.at(-1)?.line).toBe(MAX_LINE_FAULTS);
    expect(faults.full()).toBe(true);
  });
});
