import { createProgressLines, formatBytes, renderBar, type Output } from "@docket/terminal";

export type LoadProgress = {
  readonly update: (sentBytes: number) => void;
  readonly stop: () => void;
};

const BAR_WIDTH = 30;
/** How often a line is written when the output is not a terminal. */
const STEP_PERCENT = 10;

/** Shows how many bytes of a file have been sent. */
export function createLoadProgress(name: string, total: number, output: Output): LoadProgress {
  const fractionOf = (bytes: number): number => (total === 0 ? 1 : bytes / total);
  const lines = createProgressLines(output, (bytes: number) => {
    const fraction = fractionOf(bytes);
    const percent = String(Math.floor(fraction * 100)).padStart(3);
    const sizes = `${formatBytes(bytes)} of ${formatBytes(total)}`;
    const state = bytes < total ? "sending" : "sent, waiting for the API to write the rows";
    return `  ${name} ${renderBar(fraction, BAR_WIDTH)} ${percent} %  ${sizes}  ${state}`;
  });
  const line = lines.add(0);
  let nextPercent = 0;
  return {
    update: (bytes) => {
      const percent = fractionOf(bytes) * 100;
      if (!output.isTTY && percent < nextPercent) return;
      line.update(bytes);
      nextPercent = (Math.floor(percent / STEP_PERCENT) + 1) * STEP_PERCENT;
    },
    stop: lines.stop,
  };
}
