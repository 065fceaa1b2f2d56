import { createHash } from "node:crypto";
import { Transform, type Readable } from "node:stream";
import {
  DocketError,
  looksLike,
  MAX_EVIDENCE_BYTES,
  isChunkAllowed,
  SNIFFED_BYTES,
  type EvidenceType,
} from "@docket/domain";

/** What the caller said about the bytes to come. */
export type Announced = {
  readonly type: EvidenceType;
  /** Hex. */
  readonly sha256: string | undefined;
};

/** A file on its way from the caller to the store. */
export type EvidenceBody = {
  /** Passes on what was checked; fails with a DocketError as soon as the bytes are not what they should be. */
  readonly stream: Transform;
  /** Resolves when the beginning of the file is what its type says; before that nothing is passed on. */
  readonly begun: Promise<void>;
  /** What went through; to be asked when the stream has ended. */
  readonly sum: () => { readonly sizeBytes: number; readonly sha256: string };
  /** True once all of it was passed on: from then on the store may keep it, whatever we hear. */
  readonly isWhole: () => boolean;
  /** Fails the stream with `fault`. Only the first fault counts. */
  readonly stop: (fault: Error) => void;
};

/**
 * Takes a file from `source`, in constant memory: counts, hashes, and looks at what it is.
 *
 * Not by `pipeline`, which would destroy the request when the store fails, and the answer with it.
 */
export function receiveBody(source: Readable, { type, sha256: wanted }: Announced): EvidenceBody {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  let sha256 = "";
  /** The first bytes, held back until they are enough to tell what the file is. */
  let head: Buffer[] | undefined = [];
  /**
   * The last bytes so far, held back until the whole file is found to be in order: a store that has been sent all that was
   * announced keeps the object, perhaps after we have deleted it.
   */
  let tail: Buffer | undefined;
  let whole = false;
  let begin: () => void;
  let refuse: (fault: Error) => void;
  const begun = new Promise<void>((resolve, reject) => {
    begin = resolve;
    refuse = reject;
  });
  // Whoever does not wait for it any more hears of the fault by the stream.
  begun.catch(() => undefined);

  const look = (): void => {
    const first = Buffer.concat(head ?? []);
    head = undefined;
    if (!looksLike(type, first.subarray(0, SNIFFED_BYTES))) throw notWhatItSays(type);
    tail = first;
    begin();
  };

  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        sizeBytes += chunk.length;
        if (sizeBytes > MAX_EVIDENCE_BYTES) throw tooLarge();
        if (!isChunkAllowed(type, chunk)) throw notWhatItSays(type);
        hash.update(chunk);
        if (head === undefined) {
          this.push(tail);
          tail = chunk;
        } else if (head.push(chunk) > 0 && sizeBytes >= SNIFFED_BYTES) look();
        done();
      } catch (error) {
        done(error as Error);
      }
    },
    flush(done) {
      try {
        if (sizeBytes === 0) throw new DocketError("bad_request", "The body is empty.");
        if (head !== undefined) look();
        sha256 = hash.digest("hex");
        if (wanted !== undefined && wanted !== sha256) throw disagrees();
        whole = true;
        done(null, tail);
      } catch (error) {
        done(error as Error);
      }
    },
  });
  const stop = (fault: Error): void => void stream.destroy(fault);
  stream.once("error", (fault) => {
    source.unpipe(stream);
    refuse(fault);
  });
  // A fault after the first is told to nobody, and must not end the process.
  stream.on("error", () => undefined);

  const broken = (): void => stop(new DocketError("bad_request", "The body broke off."));
  source.once("error", (fault) => (fault instanceof DocketError ? stop(fault) : broken()));
  source.once("close", () => {
    if (!source.readableEnded) broken();
  });
  if (source.destroyed && !source.readableEnded) broken();
  else source.pipe(stream);
  return { stream, begun, sum: () => ({ sizeBytes, sha256 }), isWhole: () => whole, stop };
}

/** The refusal of a file over the limit, announced or counted. */
export const tooLarge = (): DocketError =>
  new DocketError("payload_too_large", `A file may have at most ${MAX_EVIDENCE_BYTES} bytes.`);

const notWhatItSays = (type: EvidenceType): DocketError =>
  new DocketError("unsupported_media_type", `The file is not what its Content-Type says: ${type}.`);

function disagrees(): DocketError {
  const detail = "Content-Digest does not agree with the body";
  return new DocketError("bad_request", `${detail}.`, {
    errors: [{ field: "Content-Digest", detail }],
  });
}
