/** A downloaded file. */
export type ExportResult = {
  readonly fileName: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
};

const HEADER = ["file", "rows", "size", "sha256", ""] as const;

/** The files as a table; each of them was compared with the digest in its job. */
export function resultTable(results: readonly ExportResult[]): string {
  const rows = results.map(({ fileName, rows: count, bytes, sha256 }) => [
    fileName,
    count.toLocaleString("en"),
    size(bytes),
    sha256,
    "ok",
  ]);
  const lines = [HEADER, ...rows];
  const widths = HEADER.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const isNumber = (column: number): boolean => column === 1 || column === 2;
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          isNumber(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
        )
        .join("  ")
        .trimEnd(),
    )
    .map((line) => `  ${line}`)
    .join("\n");
}

/** A number of bytes as people read it. */
export function size(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  const kib = bytes / 1_024;
  return kib < 1_024 ? `${kib.toFixed(1)} KiB` : `${(kib / 1_024).toFixed(1)} MiB`;
}
