import { DocketError, type LineFault } from "../errors.ts";
import { MAX_LINE_FAULTS } from "./limits.ts";

/** The first faults of a records body, by line. Memory is bounded, whatever a body holds. */
export type LineFaults = {
  /** `field` is empty where the whole line is at fault; `detail` completes the sentence "<field> …". */
  readonly add: (line: number, field: string, detail: string) => void;
  readonly any: () => boolean;
  /** True once no further line can matter: lines are read in order, and the answer's list is full. */
  readonly full: () => boolean;
  /** @throws DocketError `invalid_records` when there is any fault. */
  readonly refuse: () => void;
};

const MAX_FIELD_LENGTH = 200;

export function createLineFaults(): LineFaults {
  let faults: LineFault[] = [];
  const first = (): readonly LineFault[] =>
    faults.toSorted((a, b) => a.line - b.line).slice(0, MAX_LINE_FAULTS);
  return {
    add: (line, field, detail) => {
      faults.push({ line, field: field.slice(0, MAX_FIELD_LENGTH), detail });
      if (faults.length >= 4 * MAX_LINE_FAULTS) faults = [...first()];
    },
    any: () => faults.length > 0,
    full: () => faults.length >= MAX_LINE_FAULTS,
    refuse: () => {
      if (faults.length === 0) return;
      const lines = first();
      const [{ line, field, detail }] = lines as [LineFault];
      const sentence = `Line ${line}: ${field === "" ? "" : `${field} `}${detail}.`;
      const others =
        lines.length < MAX_LINE_FAULTS
          ? `${lines.length} faults`
          : `The first ${MAX_LINE_FAULTS} faults`;
      const message = lines.length === 1 ? sentence : `${sentence} ${others} are listed.`;
      throw new DocketError("invalid_records", `Nothing was written. ${message}`, { lines });
    },
  };
}
