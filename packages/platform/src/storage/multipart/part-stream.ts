import { viewOf } from "../../bytes.ts";
import { createBufferPool, type BufferPool } from "./buffer-pool.ts";
import { PART_BUFFERS, type Part } from "./parts.ts";

/** Room behind a part for the write that crosses its end. Larger writes cost a copy of the part. */
const MARGIN_BYTES = 262_144;

/** Room for what is still written after `onFull`. */
const SPILL_BYTES = 1_048_576;

export type PartStreamOptions = {
  /** The size of every part but the last. */
  readonly partBytes: number;
  /** Parts in memory at most, including the one that is being filled. Defaults to what an upload needs. */
  readonly buffers?: number;
  /** Where the buffers come from. Without it, they are new. */
  readonly pool?: BufferPool;
  /** Called when all buffers are full. What is written until the writer stops is kept aside. */
  readonly onFull: () => void;
  /** Called when there is a buffer again. */
  readonly onDrain: () => void;
  /** Called with each part in order, before it is yielded. */
  readonly onPart?: (content: Buffer) => void;
};

/**
 * Cuts what is written into parts of a fixed size. The writer writes straight into the buffers of the parts, and the
 * buffers are reused, so that neither copies nor garbage grow with the data.
 *
 * Iterate over it once. The content of a part is valid until `buffers` further parts have been requested.
 */
export class PartStream implements AsyncIterable<Part> {
  /** Where to write: from `position` on, after `reserve`, and followed by `advance`. */
  buffer: Buffer;
  /** The bytes of `buffer`. */
  view: DataView;
  position = 0;

  readonly #options: PartStreamOptions & { readonly buffers: number; readonly pool: BufferPool };
  readonly #ready: Part[] = [];
  readonly #free: Buffer[] = [];
  readonly #lent: Buffer[] = [];
  /** All buffers from the pool: those of the parts, and the spill. */
  readonly #acquired: Buffer[] = [];
  #spill: Buffer | undefined;
  #partBuffers = 0;
  #parts = 0;
  /** No buffer is free: `buffer` is the spill, or a wider copy of it. */
  #isFull = false;
  #hasEnded = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: () => void = () => undefined;

  constructor(options: PartStreamOptions) {
    this.#options = { buffers: PART_BUFFERS, pool: createBufferPool(0), ...options };
    this.buffer = this.#freeBuffer()!;
    this.view = viewOf(this.buffer);
  }

  /** The bytes written so far. */
  get written(): number {
    return this.#parts * this.#options.partBytes + this.position;
  }

  /** Makes sure that `buffer` has room for `bytes` after `position`. */
  reserve(bytes: number): void {
    const length = this.position + bytes;
    if (this.buffer.length >= length) return;
    const wider = Buffer.allocUnsafeSlow(length + MARGIN_BYTES);
    this.buffer.copy(wider, 0, 0, this.position);
    this.#writeTo(wider);
  }

  /** Takes over what was written from the last position up to this one. */
  advance(position: number): void {
    this.position = position;
    // A full last part is not cut off: there would be an empty one after it.
    while (!this.#isFull && this.position > this.#options.partBytes) this.#cut();
  }

  /** Ends the last part. */
  end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  /** Ends the iteration with an error. Only the first one counts. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
  }

  /** Returns the buffers to the pool. Call it once, after the last write and when no request reads a part. */
  release(): void {
    for (const buffer of this.#acquired.splice(0)) this.#options.pool.release(buffer);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Part> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.error;
      const part = this.#ready.shift() ?? this.#lastPart();
      if (part === undefined) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
        continue;
      }
      this.#options.onPart?.(part.content);
      yield part;
      if (part.isLast) return;
      this.#recycle();
    }
  }

  #cut(): void {
    const { partBytes, onFull } = this.#options;
    const full = this.buffer;
    const rest = full.subarray(partBytes, this.position);
    this.#lent.push(full);
    this.#ready.push({
      number: (this.#parts += 1),
      content: full.subarray(0, partBytes),
      isLast: false,
    });
    const next = this.#freeBuffer();
    this.#isFull = next === undefined;
    this.#moveTo(next ?? (this.#spill ??= this.#acquire(SPILL_BYTES)), rest);
    if (this.#isFull) onFull();
    this.#wake();
  }

  /** The iteration has requested a part: the one that it was given `buffers` requests ago is no longer in use. */
  #recycle(): void {
    const { buffers, onDrain } = this.#options;
    const lentOut = this.#lent.length - this.#ready.length;
    if (lentOut < buffers) return;
    this.#free.push(this.#lent.shift()!);
    if (!this.#isFull) return;
    this.#isFull = false;
    this.#moveTo(this.#freeBuffer()!, this.buffer.subarray(0, this.position));
    this.advance(this.position);
    if (!this.#isFull) onDrain();
  }

  #moveTo(buffer: Buffer, content: Buffer): void {
    this.#writeTo(buffer);
    this.position = 0;
    this.reserve(content.length);
    this.position = content.copy(this.buffer);
  }

  #writeTo(buffer: Buffer): void {
    this.buffer = buffer;
    this.view = viewOf(buffer);
  }

  #freeBuffer(): Buffer | undefined {
    const used = this.#free.pop();
    if (used !== undefined || this.#partBuffers === this.#options.buffers) return used;
    this.#partBuffers += 1;
    return this.#acquire(this.#options.partBytes + MARGIN_BYTES);
  }

  #acquire(bytes: number): Buffer {
    const buffer = this.#options.pool.acquire(bytes);
    this.#acquired.push(buffer);
    return buffer;
  }

  #lastPart(): Part | undefined {
    if (!this.#hasEnded || this.position > this.#options.partBytes) return undefined;
    const content = this.buffer.subarray(0, this.position);
    return { number: this.#parts + 1, content, isLast: true };
  }
}
