import { DocketError } from "../errors.ts";

const MIB = 1_048_576;

/** Contract §4: one file, all files of a dispute, all evidence of a dispute. */
export const MAX_EVIDENCE_BYTES = 10 * MIB;
export const MAX_DISPUTE_BYTES = 100 * MIB;
export const MAX_EVIDENCE_ITEMS = 50;

/** How much of a file's beginning decides what it is. */
export const SNIFFED_BYTES = 1_024;

export type EvidenceType = "application/pdf" | "image/png" | "image/jpeg" | "text/csv";

/** The types that are taken; the first extension is the one that keys and made-up names get. */
export const EVIDENCE_TYPES = {
  "application/pdf": { extensions: ["pdf"] },
  "image/png": { extensions: ["png"] },
  "image/jpeg": { extensions: ["jpg", "jpeg"] },
  "text/csv": { extensions: ["csv"] },
} as const satisfies Record<EvidenceType, { readonly extensions: readonly string[] }>;

/** The type that a `Content-Type` names; its parameters mean nothing. */
export function evidenceTypeOf(contentType: string): EvidenceType | undefined {
  const type = contentType.split(";", 1)[0]!.trim().toLowerCase();
  return Object.hasOwn(EVIDENCE_TYPES, type) ? (type as EvidenceType) : undefined;
}

const bytesOf = (text: string): readonly number[] => Array.from(text, (c) => c.charCodeAt(0));

const PNG = bytesOf("\x89PNG\r\n\x1a\n");
const JPEG = [0xff, 0xd8, 0xff];
const PDF = bytesOf("%PDF-");
const ZIPS = ["PK\x03\x04", "PK\x05\x06", "PK\x07\x08"].map(bytesOf);

const hasAt = (bytes: Uint8Array, magic: readonly number[], at: number): boolean =>
  magic.every((byte, index) => bytes[at + index] === byte);

function hasWithin(bytes: Uint8Array, magic: readonly number[], most: number): boolean {
  const last = Math.min(bytes.length, most) - magic.length;
  for (let at = 0; at <= last; at += 1) if (hasAt(bytes, magic, at)) return true;
  return false;
}

const isPdf = (bytes: Uint8Array): boolean => hasWithin(bytes, PDF, SNIFFED_BYTES);
const isPng = (bytes: Uint8Array): boolean => hasAt(bytes, PNG, 0);
const isJpeg = (bytes: Uint8Array): boolean => hasAt(bytes, JPEG, 0);
const isZip = (bytes: Uint8Array): boolean => ZIPS.some((magic) => hasAt(bytes, magic, 0));

/**
 * Whether a file that begins with `head` can be what `type` says. `head` is its first 1 024 bytes, or all of a shorter one.
 * For a CSV the rest must be looked at too: {@link mayGoOn}.
 */
export const looksLike = (type: EvidenceType, head: Uint8Array): boolean => LOOKS[type](head);

const LOOKS: Readonly<Record<EvidenceType, (head: Uint8Array) => boolean>> = {
  "application/pdf": isPdf,
  "image/png": isPng,
  "image/jpeg": isJpeg,
  // Any charset (banks send Windows-1252), so there is nothing that a CSV must have; only what it cannot have.
  "text/csv": (head) =>
    mayGoOn("text/csv", head) && ![isPdf, isPng, isJpeg, isZip].some((isOther) => isOther(head)),
};

/** Whether `chunk` may stand anywhere in a file of this type: a CSV holds no NUL. */
export const mayGoOn = (type: EvidenceType, chunk: Uint8Array): boolean =>
  type !== "text/csv" || !chunk.includes(0);

/** What a dispute holds already. */
export type EvidenceTotals = { readonly items: number; readonly bytes: number };

/** @throws DocketError `evidence_limit_reached` when one item more, of `bytes` bytes, is too much; it names the limit. */
export function requireRoom({ items, bytes }: EvidenceTotals, more: number): void {
  const limit =
    items >= MAX_EVIDENCE_ITEMS
      ? `${MAX_EVIDENCE_ITEMS} evidence items`
      : bytes + more > MAX_DISPUTE_BYTES
        ? `${MAX_DISPUTE_BYTES / MIB} MiB of files`
        : undefined;
  if (limit === undefined) return;
  throw new DocketError("evidence_limit_reached", `A dispute takes at most ${limit}.`);
}

/** `<tenantId>/disputes/<disputeId>/<evidenceId>.<ext>`: ids only, nothing that a caller wrote (contract §4). */
export function evidenceObjectKey(
  file: { readonly tenantId: string; readonly disputeId: string; readonly evidenceId: string },
  type: EvidenceType,
): string {
  const extension = EVIDENCE_TYPES[type].extensions[0];
  return `${file.tenantId}/disputes/${file.disputeId}/${file.evidenceId}.${extension}`;
}
