import { pieceOf, putPiece, viewOf, type Piece } from "./bytes.ts";
import { createTextWriter, type TextRules } from "./text.ts";
import type { WriteValue } from "./values.ts";

/** The names of a context's sources by their IDs. */
export type SourceNames = ReadonlyMap<string, string>;

type Entry = { readonly id: DataView; readonly name: Piece };

/**
 * Writes the name of a source in place of its ID. The names are rendered once: in a report of a million rows, joining a
 * handful of sources costs Postgres more than rendering everything else.
 */
export function createSourceNameWriter(
  names: SourceNames,
  text: TextRules,
): { readonly write: WriteValue; readonly maxBytes: number } {
  const entries = [...names].map(([id, name]): Entry => ({
    id: viewOf(Buffer.from(id.replaceAll("-", ""), "hex")),
    name: pieceOf(rendered(name, text)),
  }));
  // UUIDv7 ends in random bits: the last four bytes tell almost all sources apart.
  const byEnd = new Map<number, Entry[]>();
  for (const entry of entries) {
    const end = entry.id.getInt32(12);
    byEnd.set(end, [...(byEnd.get(end) ?? []), entry]);
  }
  const find = (row: DataView, at: number): Piece => {
    const candidates = byEnd.get(row.getInt32(at + 12)) ?? [];
    for (const { id, name } of candidates) if (isAt(row, at, id)) return name;
    throw new Error("a row names an unknown source");
  };
  return {
    maxBytes: Math.max(0, ...entries.map(({ name }) => name.length)),
    write: (row, at, _length, out, to) => putPiece(find(row, at), out, to),
  };
}

function rendered(name: string, text: TextRules): string {
  const bytes = Buffer.from(name);
  const out = Buffer.alloc(bytes.length * text.maxGrowth + text.maxGrowth + 1);
  const end = createTextWriter(text)(viewOf(bytes), 0, bytes.length, viewOf(out), 0);
  return out.toString("utf8", 0, end);
}

function isAt(row: DataView, at: number, id: DataView): boolean {
  for (let offset = 0; offset < 16; offset += 4)
    if (row.getInt32(at + offset) !== id.getInt32(offset)) return false;
  return true;
}
