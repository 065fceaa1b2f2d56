import { createHash } from "node:crypto";
import {
  DocketError,
  looksLike,
  MAX_EVIDENCE_BYTES,
  isChunkAllowed,
  SNIFFED_BYTES,
  type EvidenceType,
} from "@docket/domain";

/** What the request says about the file. */
export type Announced = {
  readonly type: EvidenceType;
  /** Of `Content-Digest`; hex. */
  readonly sha256: string | undefined;
};

/** Size and SHA-256 (hex) of a checked file. */
export type FileSum = { readonly sizeBytes: number; readonly sha256: string };

/** Checks the bytes of a file as they stream, in constant memory. All functions throw DocketErrors. */
export type FileCheck = {
  /** Returns the bytes that may be passed on. */
  readonly push: (chunk: Buffer) => Buffer | undefined;
  /** Returns the last bytes of a valid file. */
  readonly end: () => Buffer | undefined;
  /** True once the first bytes match the type. */
  readonly isSniffed: () => boolean;
  /** Valid after `end`. */
  readonly sum: () => FileSum;
};

type State = {
  sizeBytes: number;
  sha256: string;
  /** The first bytes, until there are enough of them for the type to be checked. */
  head: Buffer[] | undefined;
  /**
   * The latest bytes, held back until the whole file is valid. A store that has received all announced bytes keeps the object,
   * possibly even after it was deleted here.
   */
  held: Buffer | undefined;
};

export function createFileCheck({ type, sha256: announced }: Announced): FileCheck {
  const hash = createHash("sha256");
  const state: State = { sizeBytes: 0, sha256: "", head: [], held: undefined };
  return {
    push: (chunk) => {
      state.sizeBytes += chunk.length;
      if (state.sizeBytes > MAX_EVIDENCE_BYTES) throw fileTooLarge();
      if (!isChunkAllowed(type, chunk)) throw typeMismatch(type);
      hash.update(chunk);
      if (state.head === undefined) {
        const passed = state.held;
        state.held = chunk;
        return passed;
      }
      state.head.push(chunk);
      if (state.sizeBytes >= SNIFFED_BYTES) sniff(state, type);
      return undefined;
    },
    end: () => {
      if (state.sizeBytes === 0) throw new DocketError("bad_request", "The body is empty.");
      sniff(state, type);
      state.sha256 = hash.digest("hex");
      if (announced !== undefined && announced !== state.sha256) throw digestMismatch();
      return state.held;
    },
    isSniffed: () => state.head === undefined,
    sum: () => ({ sizeBytes: state.sizeBytes, sha256: state.sha256 }),
  };
}

function sniff(state: State, type: EvidenceType): void {
  if (state.head === undefined) return;
  state.held = Buffer.concat(state.head);
  state.head = undefined;
  if (!looksLike(type, state.held.subarray(0, SNIFFED_BYTES))) throw typeMismatch(type);
}

export const fileTooLarge = (): DocketError =>
  new DocketError("payload_too_large", `A file must be at most ${MAX_EVIDENCE_BYTES} bytes long.`);

const typeMismatch = (type: EvidenceType): DocketError =>
  new DocketError("unsupported_media_type", `The file is not of its Content-Type, ${type}.`);

function digestMismatch(): DocketError {
  const detail = "Content-Digest does not match the body";
  return new DocketError("bad_request", `${detail}.`, {
    errors: [{ field: "Content-Digest", detail }],
  });
}
