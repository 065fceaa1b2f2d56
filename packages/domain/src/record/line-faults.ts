import { DocketError, type LineFault } from "../errors.ts";
import { MAX_LINE_FAULTS } from "./limits.ts";

/** Collects the first {@link MAX_LINE_FAULTS} faults of a records body in bounded memory. */
export type LineFaults = {
  /** `field` is empty if the whole line is faulty; `detail` completes the sentence "<field> …". */
  readonly add: (line: number, field: string, detail: string) => void;
  /** True once the response's list is full. Lines are read in order, so no later fault can be among the first. */
  readonly isFull: () => boolean;
  /** @throws DocketError `invalid_records` with `lines`, if there is any fault. */
  readonly throwIfAny: () => void;
};

const MAX_FIELD_LENGTH = 200;

export function createLineFaults(): LineFaults {
  let faults: LineFault[] = [];
  const first = (): LineFault[] =>
    faults.toSorted((a, b) => a.line - b.line).slice(0, MAX_LINE_FAULTS);
  return {
    add: (line, field, detail) => {
      faults.push({ line, field: field.slice(0, MAX_FIELD_LENGTH), detail });
      if (faults.length >= 4 * MAX_LINE_FAULTS) faults = first();
    },
    isFull: () => faults.length >= MAX_LINE_FAULTS,
    throwIfAny: () => {
      const lines = first();
      const [fault] = lines;
      if (fault === undefined) return;
      throw new DocketError("invalid_records", `Nothing was written. ${summaryOf(fault, lines)}`, {
        lines,
      });
    },
  };
}

function summaryOf({ line, field, detail }: LineFault, lines: readonly LineFault[]): string {
  const sentence = `Line ${line}: ${field === "" ? "" : `${field} `}${detail}.`;
  if (lines.length === 1) return sentence;
  const listed =
    lines.length < MAX_LINE_FAULTS
      ? `${lines.length} faults`
      : `The first ${MAX_LINE_FAULTS} faults`;
  return `${sentence} ${listed} are listed.`;
}
