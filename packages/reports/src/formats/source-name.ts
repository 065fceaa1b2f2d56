import { pieceOf, putPiece, viewOf, type Piece } from "./bytes.ts";
import { createTextWriter, type TextRules } from "./text.ts";
import { MAX_PLAIN_BYTES } from "./values.ts";

/** The names of a context's sources by their IDs. */
export type SourceNames = ReadonlyMap<string, string>;

type Entry = { readonly id: DataView; readonly name: Piece };

/**
 * The names as a format writes them. They are rendered once: in a report of a million rows, joining a handful of sources costs
 * Postgres more than rendering everything else.
 */
export type SourceTable = {
  /** UUIDv7 ends in random bits: the last four bytes tell almost all sources apart. */
  readonly byEnd: ReadonlyMap<number, readonly Entry[]>;
  /** The length of the longest name. */
  readonly maxBytes: number;
};

export function createSourceTable(names: SourceNames, text: TextRules): SourceTable {
  const entries = [...names].map(([id, name]): Entry => ({
    id: viewOf(Buffer.from(id.replaceAll("-", ""), "hex")),
    name: pieceOf(rendered(name, text)),
  }));
  const byEnd = new Map<number, Entry[]>();
  for (const entry of entries) {
    const end = entry.id.getInt32(12);
    byEnd.set(end, [...(byEnd.get(end) ?? []), entry]);
  }
  return { byEnd, maxBytes: Math.max(0, ...entries.map(({ name }) => name.length)) };
}

/** Writes the name of the source whose ID is at `at` of `row`. @returns the position after the name. */
export const putSourceName = (
  table: SourceTable,
  row: DataView,
  at: number,
  out: DataView,
  to: number,
): number => putPiece(find(table, row, at), out, to);

function find({ byEnd }: SourceTable, row: DataView, at: number): Piece {
  const candidates = byEnd.get(row.getInt32(at + 12)) ?? [];
  for (const { id, name } of candidates) if (isAt(row, at, id)) return name;
  throw new Error("a row names an unknown source");
}

function rendered(name: string, text: TextRules): string {
  const bytes = Buffer.from(name);
  const out = Buffer.alloc(bytes.length * text.maxGrowth + MAX_PLAIN_BYTES);
  const end = createTextWriter(text)(viewOf(bytes), 0, bytes.length, viewOf(out), 0);
  return out.toString("utf8", 0, end);
}

function isAt(row: DataView, at: number, id: DataView): boolean {
  for (let offset = 0; offset < 16; offset += 4)
    if (row.getInt32(at + offset) !== id.getInt32(offset)) return false;
  return true;
}
