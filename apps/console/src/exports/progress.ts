import type { ExportJob } from "@docket/client";

type Progress = {
  readonly percent: number | undefined;
  readonly rowsPerSecond: number | undefined;
  readonly millisecondsLeft: number | undefined;
};

/** The rate of a running job since it was started, and what is left at that rate. */
export function progressOf(
  { percent, startedAt, recordsWritten, recordsExpected }: ExportJob,
  now: number,
): Progress {
  const elapsed = startedAt === undefined ? 0 : now - Date.parse(startedAt);
  if (elapsed < 1_000 || recordsWritten === 0) {
    return { percent, rowsPerSecond: undefined, millisecondsLeft: undefined };
  }
  const rowsPerSecond = (recordsWritten / elapsed) * 1_000;
  const rowsLeft = recordsExpected === undefined ? undefined : recordsExpected - recordsWritten;
  return {
    percent,
    rowsPerSecond,
    millisecondsLeft:
      rowsLeft === undefined ? undefined : Math.max(0, (rowsLeft / rowsPerSecond) * 1_000),
  };
}
