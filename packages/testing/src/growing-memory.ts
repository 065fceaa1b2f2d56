/** Memory that grows with what a renderer writes to it. */
export type GrowingMemory = {
  readonly sink: {
    buffer: Buffer;
    view: DataView;
    position: number;
    readonly reserve: (bytes: number) => void;
    readonly advance: (position: number) => void;
  };
  /** What was written so far. */
  readonly content: () => Buffer;
};

export function createGrowingMemory(): GrowingMemory {
  const first = Buffer.alloc(65_536);
  const sink = {
    buffer: first,
    view: new DataView(first.buffer),
    position: 0,
    reserve: (bytes: number): void => {
      if (sink.buffer.length - sink.position >= bytes) return;
      const wider = Buffer.alloc(2 * (sink.position + bytes));
      sink.buffer.copy(wider, 0, 0, sink.position);
      sink.buffer = wider;
      sink.view = new DataView(wider.buffer);
    },
    advance: (position: number): void => {
      sink.position = position;
    },
  };
  return { sink, content: () => sink.buffer.subarray(0, sink.position) };
}
