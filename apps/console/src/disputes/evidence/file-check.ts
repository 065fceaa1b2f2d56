import { formatBytes } from "../../ui/format.ts";

/** The limits of the API (docs/api.md §4). */
const MAX_FILE_BYTES = 10_485_760;
const MAX_DISPUTE_BYTES = 104_857_600;
const MAX_ITEMS = 50;

/** For the file picker. */
export const ACCEPTED = ".pdf,.png,.jpg,.jpeg,.csv";

export type CheckedFile = { readonly contentType: string } | { readonly fault: string };

/** Where the API looks for the mark of a PDF. */
const HEAD_BYTES = 1_024;

/** Whether the API would take a file, from its name, its size and its first bytes. */
export async function checkFile(file: File): Promise<CheckedFile> {
  if (file.size === 0) return { fault: "The file is empty." };
  if (file.size > MAX_FILE_BYTES) {
    return { fault: `The file has ${formatBytes(file.size)}. A file may have 10 MiB at most.` };
  }
  let head: Uint8Array;
  try {
    head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  } catch {
    return { fault: "The browser cannot read this file. Folders cannot be added." };
  }
  const contentType = typeOf(file.name, head);
  return contentType === undefined
    ? { fault: "This is neither a PDF, PNG, JPEG nor CSV file." }
    : { contentType };
}

function typeOf(name: string, head: Uint8Array): string | undefined {
  const begins = (...bytes: number[]): boolean => bytes.every((byte, at) => head[at] === byte);
  if (begins(0x89, 0x50, 0x4e, 0x47)) return "image/png";
  if (begins(0xff, 0xd8, 0xff)) return "image/jpeg";
  const text = String.fromCharCode(...head);
  if (text.includes("%PDF-")) return "application/pdf";
  const isText = !text.includes("\0") && !text.startsWith("PK\x03\x04");
  return isText && /\.csv$/i.test(name) ? "text/csv" : undefined;
}

/** Why a dispute takes no more files; undefined if it does. */
export function limitFault(
  evidence: readonly { readonly file?: { readonly sizeBytes: number } }[],
  waiting: readonly { readonly size: number }[],
): string | undefined {
  if (evidence.length + waiting.length > MAX_ITEMS) {
    return `A dispute has at most ${MAX_ITEMS} pieces of evidence.`;
  }
  const bytes =
    evidence.reduce((sum, { file }) => sum + (file?.sizeBytes ?? 0), 0) +
    waiting.reduce((sum, { size }) => sum + size, 0);
  return bytes > MAX_DISPUTE_BYTES ? "The files of a dispute have at most 100 MiB." : undefined;
}
