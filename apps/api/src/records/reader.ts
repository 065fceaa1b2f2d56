import type { StagingRow } from "@docket/platform/ingest";

/** Turns the bytes of a body into staging rows, and reports the faults that it finds. */
export type RecordReader = {
  /** Returns the rows that this chunk completed. */
  readonly push: (chunk: Buffer) => Promise<readonly StagingRow[]>;
  /** Returns the rows of the last record. */
  readonly end: () => Promise<readonly StagingRow[]>;
  /** True if no further byte can change the response. */
  readonly isDone: () => boolean;
};

/** Collects the rows of one chunk. */
export type RowBatch = {
  readonly add: (row: StagingRow) => void;
  /** Returns the collected rows and starts a new batch. */
  readonly take: () => readonly StagingRow[];
};

export function createRowBatch(): RowBatch {
  let rows: StagingRow[] = [];
  return {
    add: (row) => void rows.push(row),
    take: () => {
      const batch = rows;
      rows = [];
      return batch;
    },
  };
}
