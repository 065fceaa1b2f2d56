import { formatTable } from "@docket/terminal";

import type { Cli } from "./cli.ts";

/** A column of a table: its header and its cells. */
export type Column<T> = {
  readonly name: string;
  readonly value: (item: T) => string | number | boolean | undefined;
  readonly alignment?: "left" | "right";
};

/** Texts come from other people: their control characters must not reach the terminal. */
export const escapeControls = (text: string): string =>
  text.replaceAll(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (each) => `\\u${each.codePointAt(0)!.toString(16).padStart(4, "0")}`,
  );

/** Prints JSON on one line. JSON escapes the control characters below U+0020 itself. */
export const printJson = ({ out }: Cli, value: unknown): void =>
  void out.write(`${JSON.stringify(value)}\n`);

/** Prints a table, or a sentence when there is nothing to show. */
export function printTable<T>(
  { out }: Cli,
  items: readonly T[],
  columns: readonly Column<T>[],
  empty: string,
): void {
  if (items.length === 0) return void out.write(`${empty}\n`);
  const cell = (value: string | number | boolean | undefined): string =>
    typeof value === "number" ? value.toLocaleString("en") : escapeControls(String(value ?? ""));
  const lines = items.map((item) => columns.map(({ value }) => cell(value(item))));
  const header = columns.map(({ name }) => name);
  const alignments = columns.map(({ alignment = "left" }) => alignment);
  out.write(`${formatTable([header, ...lines], alignments)}\n`);
}

/** Prints one `name  value` line for each field that has a value. */
export function printFields({ out }: Cli, fields: Readonly<Record<string, unknown>>): void {
  const shown = Object.entries(fields).filter(([, value]) => value !== undefined);
  const width = Math.max(...shown.map(([name]) => name.length));
  for (const [name, value] of shown) {
    out.write(`  ${name.padEnd(width)}  ${escapeControls(String(value))}\n`);
  }
}

/** Collects at most `limit` items. */
export async function take<T>(items: AsyncIterable<T>, limit: number): Promise<readonly T[]> {
  const taken: T[] = [];
  if (limit === 0) return taken;
  for await (const item of items) {
    taken.push(item);
    if (taken.length === limit) break;
  }
  return taken;
}
