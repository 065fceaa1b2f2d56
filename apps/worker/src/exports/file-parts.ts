import { createHash } from "node:crypto";
import { PartStream, type BufferPool } from "@docket/platform/storage";
import type { ByteSink, Emit, Packing } from "@docket/reports";

/** Turns the rendered bytes of a file into the parts that are stored. */
export type FileParts = {
  /** Where the renderer writes. */
  readonly sink: ByteSink;
  /** Starts an entry of an archive with the next byte that is rendered. */
  readonly startEntry: (name: string) => void;
  /** The stored file. */
  readonly parts: PartStream;
  /** Call it when everything is rendered. */
  readonly end: () => void;
  /** Ends the parts with an error. Only the first one counts. */
  readonly fail: (error: unknown) => void;
  /** Resolves when the last stored byte is in the parts. */
  readonly done: Promise<void>;
  /** Hex digest of the stored bytes. Once, when all parts are taken. */
  readonly sha256: () => string;
  /** Hex digest of the rendered bytes, if they are compressed as they are. Once. */
  readonly contentSha256: () => string | undefined;
};

type FilePartsOptions = {
  readonly partBytes: number;
  /** Where the buffers of the parts come from. */
  readonly pool: BufferPool;
  /** Stops the renderer. */
  readonly onFull: () => void;
  readonly onDrain: () => void;
};

export function createFileParts(
  options: FilePartsOptions,
  packingOf?: (emit: Emit) => Packing,
): FileParts {
  return packingOf === undefined ? plainParts(options) : packedParts(options, packingOf);
}

function plainParts(options: FilePartsOptions): FileParts {
  const hash = createHash("sha256");
  const parts = new PartStream({ ...options, onPart: (content) => void hash.update(content) });
  return {
    sink: parts,
    startEntry: () => undefined,
    parts,
    end: () => parts.end(),
    fail: (error) => parts.fail(error),
    done: Promise.resolve(),
    sha256: () => hash.digest("hex"),
    contentSha256: () => undefined,
  };
}

/** Rendered bytes that wait for the packing. With four buffers, rendering and packing overlap. */
const CONTENT_PARTS = { partBytes: 262_144, buffers: 4 };

function packedParts(
  { partBytes, pool, onFull, onDrain }: FilePartsOptions,
  packingOf: (emit: Emit) => Packing,
): FileParts {
  const [hash, contentHash] = [createHash("sha256"), createHash("sha256")];
  const room = createGate();
  const content = new PartStream({
    ...CONTENT_PARTS,
    onFull,
    onDrain,
    onPart: (bytes) => void (isArchive || contentHash.update(bytes)),
  });
  const stored = new PartStream({
    partBytes,
    pool,
    onFull: room.close,
    onDrain: room.open,
    onPart: (bytes) => void hash.update(bytes),
  });
  const packing = packingOf((bytes) => append(stored, bytes));
  const isArchive = packing.startEntry !== undefined;
  return {
    sink: content,
    startEntry: (name) => packing.startEntry?.(name, content.written),
    parts: stored,
    end: () => content.end(),
    fail: (error) => {
      content.fail(error);
      // The store takes no more parts, so there would never be room.
      room.openForGood();
    },
    done: pack({ content, packing, room, stored }),
    sha256: () => hash.digest("hex"),
    contentSha256: () => (isArchive ? undefined : contentHash.digest("hex")),
  };
}

async function pack({
  content,
  packing,
  room,
  stored,
}: {
  readonly content: PartStream;
  readonly packing: Packing;
  /** Whether `stored` has room. */
  readonly room: Gate;
  readonly stored: PartStream;
}): Promise<void> {
  try {
    for await (const part of content) {
      await packing.write(part.content);
      await room.opened();
    }
    await packing.end();
    stored.end();
  } catch (error) {
    stored.fail(error);
    throw error;
  } finally {
    packing.destroy();
  }
}

function append(sink: PartStream, bytes: Buffer): void {
  sink.reserve(bytes.length);
  sink.advance(sink.position + bytes.copy(sink.buffer, sink.position));
}

type Gate = ReturnType<typeof createGate>;

function createGate() {
  let waiting: Promise<void> | undefined;
  let resolveWaiting = (): void => undefined;
  let isOpenForGood = false;
  const open = (): void => {
    waiting = undefined;
    resolveWaiting();
  };
  return {
    close: (): void => {
      if (!isOpenForGood) waiting = new Promise((resolve) => (resolveWaiting = resolve));
    },
    open,
    /** Opens the gate, and ignores each `close` from then on. */
    openForGood: (): void => {
      isOpenForGood = true;
      open();
    },
    opened: async (): Promise<void> => waiting,
  };
}
