/** Turns the bytes of a body into rows of COPY's text format, and tells the faults as it finds them. */
export type RecordReader = {
  /** The rows that this chunk completed. */
  readonly push: (chunk: Buffer) => Promise<string>;
  /** The rows that were still open. */
  readonly end: () => Promise<string>;
  /** True once no further byte can change the answer. */
  readonly isOver: () => boolean;
};
