import { EVIDENCE_TYPES, type EvidenceType } from "./evidence.ts";

/** The longest file name that common file systems accept, in bytes of UTF-8. */
const MAX_BYTES = 255;
/** Only this many UTF-16 code units at the end of a given name are examined: as many as Node accepts in a URL. */
const MAX_GIVEN_LENGTH = 16_384;

/** Control, format (bidirectional overrides too), surrogate, private-use and unassigned characters, line and paragraph separators. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/gu;
/** Characters that Windows forbids in file names. */
const RESERVED = /[<>:"|?*]/g;
/**
 * A leading dot would hide the file; Windows drops trailing dots and spaces. The lookbehind lets a run match only from its first
 * character. Without it, a run in the middle would take quadratic time.
 */
const EDGES = /^[\s.]+|(?<![\s.])[\s.]+$/g;
/** Names that Windows reserves for devices, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * A file name that is safe on every platform: no path, no invisible characters, at most 255 bytes of UTF-8.
 *
 * The extension always matches `type`, so that `report.html` uploaded as a CSV opens as a CSV. If nothing of `given`
 * remains, the name is `fallback` with the extension.
 */
export function safeFileName(given: string, type: EvidenceType, fallback: string): string {
  const { extensions } = EVIDENCE_TYPES[type];
  const base = given
    .slice(-MAX_GIVEN_LENGTH)
    .split(/[/\\]/)
    .at(-1)!
    .replace(INVISIBLE, "")
    .replace(RESERVED, "_")
    .replace(EDGES, "");
  const dot = base.lastIndexOf(".");
  const ending = base.slice(dot + 1).toLowerCase();
  const matches = dot > 0 && (extensions as readonly string[]).includes(ending);
  const stem = matches ? base.slice(0, dot) : base;
  const extension = matches ? base.slice(dot) : `.${extensions[0]}`;
  const safe = DEVICE.test(stem) ? `_${stem}` : stem;
  return `${truncate(safe, MAX_BYTES - extension.length) || fallback}${extension}`;
}

/** The longest prefix of whole characters with at most `maxBytes` bytes of UTF-8. */
function truncate(text: string, maxBytes: number): string {
  let bytes = 0;
  let kept = "";
  for (const character of text) {
    bytes += utf8Length(character.codePointAt(0)!);
    if (bytes > maxBytes) return kept.trimEnd();
    kept += character;
  }
  return kept;
}

const utf8Length = (codePoint: number): number =>
  codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
