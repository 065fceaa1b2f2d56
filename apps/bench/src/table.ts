/** The middle one; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? sorted[Math.floor(middle)]!
    : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The value that `share` of all do not exceed: 0.99 for the 99th percentile. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * share) - 1]!;
}

/** Rows of cells in columns: the first column to the left, the others to the right. */
export function table(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]!.map((_, column) =>
    Math.max(...lines.map((line) => line[column]!.length)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
        )
        .join("  ")
        .trimEnd(),
    )
    .map((line) => `  ${line}`)
    .join("\n");
}

/** A figure beside its limit: `1.12`, or `1.41 (over 1.35)`. */
export function figure(value: number | undefined, digits: number, most?: number): string {
  if (value === undefined) return "n/a";
  const text = value.toFixed(digits);
  return most === undefined || value <= most ? text : `${text} (over ${most})`;
}

/** The same where more is better: `0.71`, or `0.55 (under 0.6)`. */
export function figureOver(value: number, digits: number, least: number): string {
  const text = value.toFixed(digits);
  return value >= least ? text : `${text} (under ${least})`;
}
