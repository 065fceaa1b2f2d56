/** A stage between the rendered bytes of a file and its stored bytes. */
export type Packing = {
  /** Takes over `content`, which must not change until the promise resolves. One call at a time. */
  readonly write: (content: Buffer) => Promise<void>;
  /** Writes the end of the stored file. */
  readonly end: () => Promise<void>;
  /** Releases the memory of a file that is complete or given up. */
  readonly destroy: () => void;
};

/** Receives stored bytes in order. The buffer is the receiver's. */
export type Emit = (bytes: Buffer) => void;
