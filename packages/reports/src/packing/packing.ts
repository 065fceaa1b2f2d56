/** Receives stored bytes in order. The buffer is the receiver's. */
export type Emit = (bytes: Buffer) => void;

/** A stage between the rendered bytes of a file and its stored bytes. */
export type Packing = {
  /** Takes over `content`, which must not change until the promise resolves. One call at a time. */
  readonly write: (content: Buffer) => Promise<void>;
  /** Starts an entry of an archive with the byte of the content at `position`, before that byte is written. */
  readonly startEntry?: (name: string, position: number) => void;
  /** Writes the end of the stored file. */
  readonly end: () => Promise<void>;
  /** Releases the memory of a file that is complete or given up. */
  readonly destroy: () => void;
};
