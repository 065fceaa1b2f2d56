/** Aligns cells in columns. Each line is indented by two spaces. */
export function formatTable(
  lines: readonly (readonly string[])[],
  alignments: readonly ("left" | "right")[],
): string {
  const widths = alignments.map((_, column) =>
    Math.max(...lines.map((line) => line[column]!.length)),
  );
  return lines
    .map((line) => {
      const cells = line.map((cell, column) =>
        alignments[column] === "right"
          ? cell.padStart(widths[column]!)
          : cell.padEnd(widths[column]!),
      );
      return `  ${cells.join("  ").trimEnd()}`;
    })
    .join("\n");
}
