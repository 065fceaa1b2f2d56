import { createSha256 } from "../sha256.ts";
import { isBrowser } from "./xhr.ts";

/** Bytes that are read once. */
export type ByteStream = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * What can be uploaded. All but a {@link ByteStream} can be read again, so that a broken upload is repeated. A function opens a
 * new stream for each attempt.
 */
export type UploadSource = Blob | Uint8Array | string | ByteStream | (() => ByteStream);

/** The body of a request that is read while it is sent. */
export type Upload = {
  /** @param touch is called for each chunk that is sent */
  readonly open: (touch: () => void) => Promise<NonNullable<RequestInit["body"]>>;
  /** False once a stream that cannot be opened again has been read from. */
  readonly canRepeat: () => boolean;
  /** Rethrows the error of a source that could not be read to its end. */
  readonly throwIfSourceFailed: () => void;
  /** The digest of what the last attempt has sent. */
  readonly sentDigest: () => Promise<Uint8Array>;
  /** The whole body, in browsers. */
  readonly blob?: Blob | undefined;
  readonly onProgress?: ((sentBytes: number) => void) | undefined;
};

/** Prepares an upload. Browsers send streams as Blobs, because they cannot stream a request over HTTP/1.1. */
export async function createUpload(
  source: UploadSource,
  onProgress?: (sentBytes: number) => void,
): Promise<Upload> {
  const isStream = !(source instanceof Blob || isBytes(source) || typeof source === "string");
  if (isStream && isBrowser()) return createUpload(await collect(source), onProgress);
  const blob = source instanceof Blob && isBrowser() ? source : undefined;
  return createStreamUpload(source, blob, onProgress);
}

type ReadState = {
  readonly hash: ReturnType<typeof createSha256>;
  sizeBytes: number;
  isStarted: boolean;
  failure?: { readonly error: unknown };
};

const newState = (): ReadState => ({ hash: createSha256(), sizeBytes: 0, isStarted: false });

function createStreamUpload(
  source: UploadSource,
  blob: Blob | undefined,
  onProgress?: (sentBytes: number) => void,
): Upload {
  // Each attempt has a state of its own: the stream of an attempt that broke off may still be read from during the next one.
  let current = newState();

  async function* read(state: ReadState, touch: () => void): AsyncGenerator<Uint8Array> {
    state.isStarted = true;
    try {
      for await (const chunk of streamOf(source)) {
        state.hash.update(chunk);
        state.sizeBytes += chunk.length;
        yield chunk;
        touch();
        if (state === current) onProgress?.(state.sizeBytes);
      }
    } catch (error) {
      state.failure = { error };
      throw error;
    }
  }

  return {
    open: async (touch) => {
      current = newState();
      // Browsers send the Blob itself.
      return blob ?? toReadable(read(current, touch));
    },
    canRepeat: () => current.failure === undefined && (!current.isStarted || isRepeatable(source)),
    throwIfSourceFailed: () => {
      if (current.failure !== undefined) throw current.failure.error;
    },
    // A Blob that is sent as it is has not been read here.
    sentDigest: async () => (await digestOf(blob)) ?? current.hash.digest(),
    blob,
    onProgress,
  };
}

const isBytes = (source: unknown): source is Uint8Array => ArrayBuffer.isView(source);

const isRepeatable = (source: UploadSource): boolean =>
  source instanceof Blob ||
  isBytes(source) ||
  typeof source === "string" ||
  typeof source === "function";

/** The digest of a source that can be read again; undefined for others. */
export async function digestOf(source: UploadSource | undefined): Promise<Uint8Array | undefined> {
  if (source === undefined || !isRepeatable(source)) return undefined;
  const hash = createSha256();
  for await (const chunk of streamOf(source)) hash.update(chunk);
  return hash.digest();
}

async function* streamOf(source: UploadSource): AsyncGenerator<Uint8Array> {
  if (typeof source === "string") yield new TextEncoder().encode(source);
  else if (isBytes(source)) yield source;
  else if (source instanceof Blob) yield* chunksOf(source.stream());
  else yield* chunksOf(typeof source === "function" ? source() : source);
}

/** Not every browser can iterate over a ReadableStream. */
export async function* chunksOf(stream: ByteStream): AsyncGenerator<Uint8Array> {
  if (!("getReader" in stream) || Symbol.asyncIterator in stream) {
    yield* stream;
    return;
  }
  const reader = (stream as ReadableStream<Uint8Array>).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

async function collect(source: UploadSource): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of streamOf(source)) chunks.push(chunk as Uint8Array<ArrayBuffer>);
  return new Blob(chunks);
}

function toReadable(chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: async (controller) => {
      const { done, value } = await chunks.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    cancel: async () => void (await chunks.return(undefined)),
  });
}
