/** A number of bytes for people, such as `11.2 MiB`. (The package `bytes` writes MB for 1,048,576 bytes.) */
export function formatBytes(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  const kib = bytes / 1_024;
  return kib < 1_024 ? `${kib.toFixed(1)} KiB` : `${(kib / 1_024).toFixed(1)} MiB`;
}
