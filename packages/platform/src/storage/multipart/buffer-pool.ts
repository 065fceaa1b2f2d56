/** Reusable buffers, shared by all uploads of a process. */
export type BufferPool = {
  /** A buffer of `bytes`. Its content is undefined. */
  readonly acquire: (bytes: number) => Buffer;
  /** Returns a buffer that is no longer in use. */
  readonly release: (buffer: Buffer) => void;
};

/** Larger buffers belong to files of more than 25 GB. The pool does not keep them, because it never shrinks. */
const MAX_BUFFER_BYTES = 8 * 1_048_576;

/**
 * V8 frees a buffer only when it collects the whole heap, which it does each time that some tens of MB of buffers have been allocated.
 * With new buffers for each file, a process would hold the buffers of several files, and would collect its heap for every few small files.
 *
 * @param maxBuffers the maximum number of unused buffers. The oldest one is dropped first.
 */
export function createBufferPool(maxBuffers: number): BufferPool {
  const unused: Buffer[] = [];
  return {
    acquire: (bytes) => {
      const index = unused.findIndex(({ length }) => length === bytes);
      return index === -1 ? Buffer.allocUnsafeSlow(bytes) : unused.splice(index, 1)[0]!;
    },
    release: (buffer) => {
      if (buffer.length > MAX_BUFFER_BYTES) return;
      unused.push(buffer);
      if (unused.length > maxBuffers) unused.shift();
    },
  };
}
