import { EVIDENCE_TYPES, type EvidenceType } from "./evidence.ts";

/** What file systems take, in bytes of UTF-8. */
const MAX_BYTES = 255;

/** Control and format characters (those that turn the direction of text among them), half pairs, private and unassigned ones, line and paragraph separators. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/gu;
/** What Windows does not take in a name. */
const RESERVED = /[<>:"|?*]/g;
/** Names that Windows takes for devices, whatever their extension. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * A name under which a file can be saved anywhere: no path, nothing invisible, at most 255 bytes, and an extension of the
 * checked type, so that `report.html`, sent as a CSV, is opened as one. When nothing is left of it: `fallback` with the extension.
 */
export function safeFileName(given: string, type: EvidenceType, fallback: string): string {
  const { extensions } = EVIDENCE_TYPES[type];
  const base = given
    .replace(INVISIBLE, "")
    .split(/[/\\]/)
    .at(-1)!
    .replace(RESERVED, "_")
    // Hidden files, and what Windows drops from the end.
    .replace(/^[\s.]+|[\s.]+$/g, "");
  const dot = base.lastIndexOf(".");
  const ending = base.slice(dot + 1).toLowerCase();
  const fits = dot > 0 && (extensions as readonly string[]).includes(ending);
  const stem = fits ? base.slice(0, dot) : base;
  const extension = fits ? base.slice(dot) : `.${extensions[0]}`;
  const safe = DEVICE.test(stem) ? `_${stem}` : stem;
  return `${shortened(safe, MAX_BYTES - extension.length) || fallback}${extension}`;
}

/** The longest beginning of whole characters that fits into `most` bytes of UTF-8. */
function shortened(text: string, most: number): string {
  let bytes = 0;
  let kept = "";
  for (const character of text) {
    bytes += utf8Length(character.codePointAt(0)!);
    if (bytes > most) return kept.trimEnd();
    kept += character;
  }
  return kept;
}

const utf8Length = (codePoint: number): number =>
  codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
