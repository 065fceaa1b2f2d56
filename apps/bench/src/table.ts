/** The middle value; for an even number of values, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? sorted[Math.floor(middle)]!
    : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The value that `share` of all values do not exceed: 0.99 for the 99th percentile. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * share) - 1]!;
}

/** Aligns rows of cells in columns: the first column to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const align = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!);
  return rows.map((row) => `  ${row.map(align).join("  ").trimEnd()}`).join("\n");
}

/** A figure with an optional maximum: `1.12`, or `1.41 (over 1.35)`; `n/a` when it is unknown. */
export function figureAtMost(
  value: number | undefined | null,
  digits: number,
  maximum?: number,
): string {
  if (value === undefined || value === null) return "n/a";
  const text = value.toFixed(digits);
  return maximum === undefined || value <= maximum ? text : `${text} (over ${maximum})`;
}

/** A figure with a minimum: `0.71`, or `0.55 (under 0.6)`. */
export function figureAtLeast(value: number, digits: number, minimum: number): string {
  const text = value.toFixed(digits);
  return value >= minimum ? text : `${text} (under ${minimum})`;
}
