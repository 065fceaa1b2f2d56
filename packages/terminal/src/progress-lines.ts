import cliProgress from "cli-progress";

export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean };

export type ProgressLines<T> = {
  readonly add: (initial: T) => { readonly update: (value: T) => void };
  readonly stop: () => void;
};

/** Shows lines of progress. A terminal redraws each line in place; any other output gets a new line for each change. */
export function createProgressLines<T>(
  output: Output,
  render: (value: T) => string,
): ProgressLines<T> {
  return output.isTTY ? redrawnLines(output, render) : appendedLines(output, render);
}

function redrawnLines<T>(output: Output, render: (value: T) => string): ProgressLines<T> {
  const bars = new cliProgress.MultiBar({
    format: (_options, _params, payload: { readonly value: T }) => render(payload.value),
    stream: output,
    fps: 12,
    // If true, the library's signal handlers would keep Ctrl-C from ending the program.
    gracefulExit: false,
  });
  return {
    add: (initial) => {
      const bar = bars.create(1, 0, { value: initial });
      return { update: (value) => bar.update(0, { value }) };
    },
    stop: () => bars.stop(),
  };
}

/** Not with cli-progress, which repeats all lines on a timer when the output is not a terminal. */
function appendedLines<T>(output: Output, render: (value: T) => string): ProgressLines<T> {
  return {
    add: () => {
      let last = "";
      return {
        update: (value) => {
          const line = render(value);
          if (line !== last) output.write(`${line}\n`);
          last = line;
        },
      };
    },
    stop: () => undefined,
  };
}

/** A bar of `width` characters. It is full only when the fraction is 1. */
export function renderBar(fraction: number, width: number): string {
  const filled = Math.floor(fraction * width);
  return "█".repeat(filled) + "░".repeat(width - filled);
}
