import { formatBytes } from "./format-bytes.ts";
import { createProgressLines, renderBar, type Output } from "./progress-lines.ts";

/** How far an export has come. */
export type ExportState = {
  readonly state: string;
  readonly rows: number;
  /** Unknown while the rows are being counted. */
  readonly expectedRows?: number | undefined;
  /** Of the file that is being downloaded. */
  readonly downloadedBytes?: number | undefined;
};

export type ExportLine = { readonly update: (state: ExportState) => void };

export type ExportProgress = {
  readonly add: (name: string) => ExportLine;
  readonly stop: () => void;
};

const BAR_WIDTH = 24;

/** Shows a progress bar for each export, with its rows, its rate and the time left. */
export function createExportProgress(
  output: Output,
  now = () => performance.now(),
): ExportProgress {
  const lines = createProgressLines(output, (line: string) => line);
  return {
    add: (name) => {
      const line = lines.add(renderExport(name, { state: "ordered", rows: 0 }, 0));
      let startedAt: number | undefined;
      let shown: ExportState | undefined;
      return {
        update: (state) => {
          // The rate is that of the export, without the time in the queue.
          if (state.rows > 0) startedAt ??= now();
          // Other outputs than terminals get no line for each chunk of a download.
          if (!output.isTTY && shown?.state === state.state && shown.rows === state.rows) return;
          shown = state;
          const seconds = startedAt === undefined ? 0 : (now() - startedAt) / 1_000;
          line.update(renderExport(name, state, seconds));
        },
      };
    },
    stop: lines.stop,
  };
}

/** @param seconds since the first row */
function renderExport(name: string, state: ExportState, seconds: number): string {
  const { rows, expectedRows, downloadedBytes } = state;
  const isDone = state.state === "SHA-256 ok";
  const written = expectedRows === undefined || expectedRows === 0 ? 0 : rows / expectedRows;
  const fraction = isDone ? 1 : Math.min(written, 0.99);
  const percent = String(Math.floor(fraction * 100)).padStart(3);
  const figures = `${percent} %  ${rows.toLocaleString("en").padStart(9)} rows`;
  const details =
    downloadedBytes === undefined ? rateOf(state, seconds) : formatBytes(downloadedBytes);
  return `  ${name.padEnd(17)} ${renderBar(fraction, BAR_WIDTH)} ${figures}  ${[state.state, details].filter(Boolean).join("  ")}`;
}

/** Rows per second, and the time left when it is known. Empty while there is nothing to measure. */
function rateOf({ rows, expectedRows }: ExportState, seconds: number): string {
  if (seconds < 1) return "";
  const rate = rows / seconds;
  const speed = `${Math.round(rate).toLocaleString("en")} rows/s`;
  if (expectedRows === undefined || rows >= expectedRows) return speed;
  return `${speed}, ${Math.ceil((expectedRows - rows) / rate)} s left`;
}
