import { createLineFaults, type LineFault, type LineFaults } from "@docket/domain";
import type { StagingRow } from "@docket/platform/ingest";
import type { RecordReader } from "../../src/records/reader.ts";

export type ReadResult = {
  readonly rows: readonly StagingRow[];
  readonly faults: readonly LineFault[];
};

/** Reads a body in the given chunks; returns its rows and its faults. */
export async function readRecords(
  create: (faults: LineFaults) => RecordReader,
  chunks: readonly (Buffer | string)[],
): Promise<ReadResult> {
  const faults = createLineFaults();
  const reader = create(faults);
  const rows: StagingRow[] = [];
  for (const chunk of chunks) rows.push(...(await reader.push(Buffer.from(chunk))));
  rows.push(...(await reader.end()));
  return { rows, faults: listed(faults) };
}

function listed(faults: LineFaults): readonly LineFault[] {
  try {
    faults.throwIfAny();
    return [];
  } catch (error) {
    return (error as { lines: readonly LineFault[] }).lines;
  }
}
