import { viewOf } from "../bytes.ts";

/** Called with the content of a CopyData message: `length` bytes at `at`. They are valid during the call only. */
export type OnCopyData = (content: DataView, at: number, length: number) => void;

/** Takes the bytes of a connection as they arrive, and gives out the messages in them. */
export type MessageSplitter = { readonly push: (data: Buffer) => void };

export type MessageListeners = {
  readonly onCopyData: OnCopyData;
  /** Called with each other message, whole. */
  readonly onOther: (message: Buffer) => void;
  /** Called with ReadyForQuery, the last message that is given out. */
  readonly onReady: (message: Buffer) => void;
  /** Called with what has arrived behind ReadyForQuery, if anything. */
  readonly onRest: (data: Buffer) => void;
};

/** A message is its type, one byte, and its length, which counts itself and not the type. */
const HEADER_BYTES = 5;
/** Types: `d` and `Z`. */
const [COPY_DATA, READY_FOR_QUERY] = [0x64, 0x5a] as const;

/**
 * Splits what a server sends during a COPY into messages (PostgreSQL documentation, "Frontend/Backend Protocol", Message Formats).
 * It copies only those that arrive in pieces.
 */
export function createMessageSplitter(listeners: MessageListeners): MessageSplitter {
  let isReady = false;
  /** The beginning of a message that has not arrived whole. */
  let partial: Buffer = Buffer.alloc(0);
  let partialBytes = 0;

  const giveOut = (data: Buffer, view: DataView, from: number, until: number): void => {
    const type = view.getUint8(from);
    isReady = type === READY_FOR_QUERY;
    if (type === COPY_DATA)
      listeners.onCopyData(view, from + HEADER_BYTES, until - from - HEADER_BYTES);
    else if (isReady) listeners.onReady(data.subarray(from, until));
    else listeners.onOther(data.subarray(from, until));
  };

  /** Moves bytes from the start of `data` to the partial message, until that has `bytes`. @returns how many. */
  const take = (data: Buffer, bytes: number): number => {
    if (partial.length < bytes) {
      const wider = Buffer.allocUnsafe(bytes);
      partial.copy(wider, 0, 0, partialBytes);
      partial = wider;
    }
    const taken = data.copy(partial, partialBytes, 0, bytes - partialBytes);
    partialBytes += taken;
    return taken;
  };

  /** Completes the partial message. @returns how much of `data` belongs to it. */
  const completePartial = (data: Buffer): number => {
    let taken = 0;
    if (partialBytes < HEADER_BYTES) taken += take(data, HEADER_BYTES);
    if (partialBytes < HEADER_BYTES) return taken;
    const bytes = 1 + partial.readUInt32BE(1);
    taken += take(data.subarray(taken), bytes);
    if (partialBytes < bytes) return taken;
    partialBytes = 0;
    giveOut(partial, viewOf(partial), 0, bytes);
    return taken;
  };

  return {
    push: (data) => {
      const view = viewOf(data);
      let from = partialBytes === 0 ? 0 : completePartial(data);
      while (!isReady && from + HEADER_BYTES <= data.length) {
        const until = from + 1 + view.getUint32(from + 1);
        if (until > data.length) break;
        giveOut(data, view, from, until);
        from = until;
      }
      if (from === data.length) return;
      if (isReady) listeners.onRest(data.subarray(from));
      else take(data.subarray(from), data.length - from);
    },
  };
}
