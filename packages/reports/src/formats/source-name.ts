import { createTextWriter, type TextRules } from "./text.ts";
import type { WriteValue } from "./values.ts";

/** The names of a context's sources by their IDs. */
export type SourceNames = ReadonlyMap<string, string>;

type Entry = { readonly id: Buffer; readonly name: Buffer };

/**
 * Writes the name of a source in place of its ID. The names are rendered once: in a report of a million rows, joining a
 * handful of sources costs Postgres more than rendering everything else.
 */
export function createSourceNameWriter(
  names: SourceNames,
  text: TextRules,
): { readonly write: WriteValue; readonly maxBytes: number } {
  const entries = [...names].map(([id, name]): Entry => ({
    id: Buffer.from(id.replaceAll("-", ""), "hex"),
    name: rendered(name, text),
  }));
  // UUIDv7 ends in random bits: the last four bytes tell almost all sources apart.
  const byEnd = new Map<number, Entry[]>();
  for (const entry of entries) {
    const end = entry.id.readInt32BE(12);
    byEnd.set(end, [...(byEnd.get(end) ?? []), entry]);
  }
  const find = (row: Buffer, at: number): Buffer => {
    const candidates = byEnd.get(row.readInt32BE(at + 12)) ?? [];
    for (const { id, name } of candidates) if (isAt(row, at, id)) return name;
    throw new Error("a row names an unknown source");
  };
  return {
    maxBytes: Math.max(0, ...entries.map(({ name }) => name.length)),
    write: (row, at, _length, out, to) => {
      const name = find(row, at);
      for (let index = 0; index < name.length; index += 1) out[to + index] = name[index]!;
      return to + name.length;
    },
  };
}

function rendered(name: string, text: TextRules): Buffer {
  const bytes = Buffer.from(name);
  const out = Buffer.alloc(bytes.length * text.maxGrowth + text.maxGrowth + 1);
  return out.subarray(0, createTextWriter(text)(bytes, 0, bytes.length, out, 0));
}

function isAt(row: Buffer, at: number, id: Buffer): boolean {
  for (let index = 0; index < id.length; index += 1)
    if (row[at + index] !== id[index]) return false;
  return true;
}
