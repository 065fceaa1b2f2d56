import { DocketError } from "../errors.ts";

const MIB = 1_048_576;

/** Limits of docs/api.md §4. */
export const MAX_EVIDENCE_BYTES = 10 * MIB;
export const MAX_EVIDENCE_ITEMS = 50;
const MAX_EVIDENCE_BYTES_PER_DISPUTE = 100 * MIB;

/** What a piece of evidence is (docs/api.md §8). */
export const EVIDENCE_KINDS = [
  "BANK_STATEMENT",
  "LEDGER_EXTRACT",
  "INVOICE",
  "RECEIPT",
  "CONTRACT",
  "CORRESPONDENCE",
  "REFUND_CONFIRMATION",
  "OTHER",
] as const;

export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** The number of bytes from the beginning of a file that content sniffing needs. */
export const SNIFFED_BYTES = 1_024;

export type EvidenceType = "application/pdf" | "image/png" | "image/jpeg" | "text/csv";

/** The accepted types. Object keys and generated file names use the first extension. */
export const EVIDENCE_TYPES = {
  "application/pdf": { extensions: ["pdf"] },
  "image/png": { extensions: ["png"] },
  "image/jpeg": { extensions: ["jpg", "jpeg"] },
  "text/csv": { extensions: ["csv"] },
} as const satisfies Record<EvidenceType, { readonly extensions: readonly string[] }>;

/** The accepted type that a `Content-Type` header names, its parameters ignored. */
export function evidenceTypeOf(contentType: string): EvidenceType | undefined {
  const type = contentType.split(";", 1)[0]!.trim().toLowerCase();
  return Object.hasOwn(EVIDENCE_TYPES, type) ? (type as EvidenceType) : undefined;
}

const bytesOf = (text: string): readonly number[] => Array.from(text, (c) => c.charCodeAt(0));

const PNG = bytesOf("\x89PNG\r\n\x1a\n");
const JPEG = [0xff, 0xd8, 0xff];
const PDF = bytesOf("%PDF-");
const ZIPS = ["PK\x03\x04", "PK\x05\x06", "PK\x07\x08"].map(bytesOf);

const hasAt = (bytes: Uint8Array, magic: readonly number[], offset: number): boolean =>
  magic.every((byte, index) => bytes[offset + index] === byte);

function hasInHead(bytes: Uint8Array, magic: readonly number[]): boolean {
  const last = Math.min(bytes.length, SNIFFED_BYTES) - magic.length;
  for (let offset = 0; offset <= last; offset += 1) if (hasAt(bytes, magic, offset)) return true;
  return false;
}

const isPdf = (head: Uint8Array): boolean => hasInHead(head, PDF);
const isPng = (head: Uint8Array): boolean => hasAt(head, PNG, 0);
const isJpeg = (head: Uint8Array): boolean => hasAt(head, JPEG, 0);
const isZip = (head: Uint8Array): boolean => ZIPS.some((magic) => hasAt(head, magic, 0));

/**
 * Whether a file that begins with `head` can be of `type`. `head` is the first {@link SNIFFED_BYTES} bytes, or the whole file
 * if it is shorter. Check the rest of the file with {@link isChunkAllowed}.
 */
export const looksLike = (type: EvidenceType, head: Uint8Array): boolean => SNIFFERS[type](head);

const SNIFFERS: Readonly<Record<EvidenceType, (head: Uint8Array) => boolean>> = {
  "application/pdf": isPdf,
  "image/png": isPng,
  "image/jpeg": isJpeg,
  // A CSV has no magic number and may be in any charset (banks send Windows-1252), so only other formats are excluded.
  "text/csv": (head) =>
    isChunkAllowed("text/csv", head) &&
    ![isPdf, isPng, isJpeg, isZip].some((isOther) => isOther(head)),
};

/** Whether `chunk` can occur anywhere in a file of `type`: a CSV contains no NUL. */
export const isChunkAllowed = (type: EvidenceType, chunk: Uint8Array): boolean =>
  type !== "text/csv" || !chunk.includes(0);

/** The evidence that a dispute already has. */
export type EvidenceTotals = { readonly items: number; readonly bytes: number };

/**
 * Checks that a dispute can take one more item of `size` bytes.
 *
 * @throws DocketError `evidence_limit_reached`, which names the limit.
 */
export function assertEvidenceFits({ items, bytes }: EvidenceTotals, size: number): void {
  const limit =
    items >= MAX_EVIDENCE_ITEMS
      ? `${MAX_EVIDENCE_ITEMS} evidence items`
      : bytes + size > MAX_EVIDENCE_BYTES_PER_DISPUTE
        ? `${MAX_EVIDENCE_BYTES_PER_DISPUTE / MIB} MiB of files`
        : undefined;
  if (limit === undefined) return;
  throw new DocketError("evidence_limit_reached", `A dispute can have at most ${limit}.`);
}

/** `<tenantId>/disputes/<disputeId>/<evidenceId>.<ext>`: no part of the key comes from a caller (docs/api.md §4). */
export function evidenceObjectKey(
  file: { readonly tenantId: string; readonly disputeId: string; readonly evidenceId: string },
  type: EvidenceType,
): string {
  const extension = EVIDENCE_TYPES[type].extensions[0];
  return `${file.tenantId}/disputes/${file.disputeId}/${file.evidenceId}.${extension}`;
}
