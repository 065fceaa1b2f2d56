import cliProgress from "cli-progress";

import { size } from "@docket/terminal";

/** Where a load shows itself. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean };

export type LoadProgress = {
  /** How many bytes have been sent. */
  readonly sent: (bytes: number) => void;
  readonly stop: () => void;
};

const BAR_WIDTH = 30;
const STEP_PERCENT = 10;

/** A bar by bytes. It moves in a terminal; elsewhere every tenth is a line of its own. */
export function loadProgress(name: string, total: number, output: Output): LoadProgress {
  const line = (bytes: number): string => {
    const part = total === 0 ? 1 : bytes / total;
    const done = Math.floor(part * BAR_WIDTH);
    const bar = "█".repeat(done) + "░".repeat(BAR_WIDTH - done);
    // All bytes are there before the rows are: the answer is still to come.
    const state = bytes < total ? "sending" : "sent; the rows are being written";
    const percent = String(Math.floor(part * 100)).padStart(3);
    return `  ${name} ${bar} ${percent} %  ${size(bytes)} of ${size(total)}  ${state}`;
  };
  return output.isTTY ? moving(line, total, output) : printed(line, total, output);
}

type Line = (bytes: number) => string;

function moving(line: Line, total: number, output: Output): LoadProgress {
  const bar = new cliProgress.SingleBar({
    format: (_options, { value }) => line(value),
    stream: output,
    fps: 12,
  });
  bar.start(total, 0);
  return { sent: (bytes) => bar.update(bytes), stop: () => bar.stop() };
}

function printed(line: Line, total: number, output: Output): LoadProgress {
  let next = 0;
  return {
    sent: (bytes) => {
      const percent = total === 0 ? 100 : (bytes / total) * 100;
      if (percent < next) return;
      output.write(`${line(bytes)}\n`);
      next = (Math.floor(percent / STEP_PERCENT) + 1) * STEP_PERCENT;
    },
    stop: () => undefined,
  };
}
