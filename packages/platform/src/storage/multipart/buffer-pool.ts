/** Lends buffers that are used again and again. */
export type BufferPool = {
  /** A buffer of `bytes`, with any content. */
  readonly take: (bytes: number) => Buffer;
  /** Takes back a buffer that nobody uses any more. */
  readonly give: (buffer: Buffer) => void;
};

/**
 * V8 frees a buffer only when it collects the whole heap, which it does each time that some tens of MB of buffers have been allocated.
 * With new buffers for each file, a process would hold the buffers of several files, and small files would cost a collection each.
 *
 * @param maxBuffers how many unused buffers it holds at most. It drops the oldest one first.
 */
export function createBufferPool(maxBuffers: number): BufferPool {
  const unused: Buffer[] = [];
  return {
    take: (bytes) => {
      const index = unused.findIndex(({ length }) => length === bytes);
      return index === -1 ? Buffer.allocUnsafeSlow(bytes) : unused.splice(index, 1)[0]!;
    },
    give: (buffer) => {
      unused.push(buffer);
      if (unused.length > maxBuffers) unused.shift();
    },
  };
}
